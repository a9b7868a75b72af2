SELECT CAST(COALESCE(SUM(s.target), 0) AS BIGINT) AS value
FROM fund_targets s
WHERE s.owner = 'education' AND s.indicator = 'cloud-trainees'
