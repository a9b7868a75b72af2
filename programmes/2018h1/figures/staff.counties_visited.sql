SELECT CAST(COUNT(DISTINCT s.place_code) AS BIGINT) AS value
FROM fund_visits s JOIN poverty_counties c ON s.place_code = c.code
