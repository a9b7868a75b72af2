SELECT /*by*/ CAST(COUNT(DISTINCT s.place_code) AS BIGINT) AS value
FROM channel_sales s
WHERE s.lines > s.cancelled_lines
/*group*/
