SELECT CAST(COALESCE(SUM(s.reached), 0) AS BIGINT) AS value
FROM fund_targets s
WHERE s.owner = '653130' AND s.indicator = 'greenhouse-mu'
