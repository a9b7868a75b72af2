SELECT /*by*/ CAST(COALESCE(SUM(s.budget_fen), 0) AS BIGINT) AS value
FROM fund_budget s
/*group*/
