SELECT /*by*/ CAST(COALESCE(SUM(s.lines), 0) AS BIGINT) AS value
FROM yuan_sales s
/*group*/
