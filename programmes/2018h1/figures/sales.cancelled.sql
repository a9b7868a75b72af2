SELECT /*by*/ CAST(COALESCE(SUM(s.gross_fen - s.net_fen), 0) AS BIGINT) AS value
FROM yuan_sales s
/*group*/
