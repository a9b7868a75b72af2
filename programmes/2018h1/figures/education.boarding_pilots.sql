SELECT CAST(COUNT(DISTINCT s.project) AS BIGINT) AS value
FROM fund_milestones s
WHERE s.pillar = 'education' AND s.project LIKE 'boarding-%'
