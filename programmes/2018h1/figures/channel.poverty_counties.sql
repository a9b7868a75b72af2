SELECT /*by*/ CAST(COUNT(DISTINCT s.place_code) AS BIGINT) AS value
FROM channel_poverty_sales s
WHERE s.lines > s.cancelled_lines
/*group*/
