SELECT CAST(COALESCE(SUM(s.total_fen), 0) AS BIGINT) AS value
FROM fund_pledges s
