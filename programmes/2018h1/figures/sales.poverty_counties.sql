SELECT /*by*/ CAST(COALESCE(SUM(s.net_fen), 0) AS BIGINT) AS value
FROM poverty_sales s
/*group*/
