SELECT CAST(COALESCE(SUM(s.target), 0) AS BIGINT) AS value
FROM fund_targets s
WHERE s.owner = '532528' AND s.indicator = 'standard-base-mu'
