SELECT /*by*/ CAST(COUNT(DISTINCT p.province_code) AS BIGINT) AS value
FROM channel_sales s JOIN places p ON s.place_code = p.code
WHERE s.lines > s.cancelled_lines
/*group*/
