SELECT /*by*/ CAST(COUNT(*) AS BIGINT) AS value
FROM (
  SELECT t.place_code FROM poverty_sales t
  GROUP BY t.place_code
  HAVING SUM(t.net_fen) > 10000000000
) s
/*group*/
