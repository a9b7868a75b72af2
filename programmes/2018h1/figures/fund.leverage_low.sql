SELECT CAST(COALESCE(SUM(s.leverage_low_fen), 0) AS BIGINT) AS value
FROM fund_pledges s
