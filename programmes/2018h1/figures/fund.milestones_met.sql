SELECT /*by*/ CAST(COUNT(*) AS BIGINT) AS value
FROM fund_milestones s
WHERE s.met_on <> ''
/*group*/
