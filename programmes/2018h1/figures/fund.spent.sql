SELECT /*by*/ CAST(COALESCE(SUM(s.actual_fen), 0) AS BIGINT) AS value
FROM fund_budget s
/*group*/
