SELECT CAST(COUNT(*) AS BIGINT) AS value
FROM registry_households
WHERE place_code = 653130 AND status IN ('poor', 'exited')
