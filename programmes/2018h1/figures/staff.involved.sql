SELECT CAST(COUNT(DISTINCT s.person_no) AS BIGINT) AS value
FROM fund_staff_days s
