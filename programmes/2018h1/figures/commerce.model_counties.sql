SELECT CAST(COUNT(DISTINCT s.place_code) AS BIGINT) AS value
FROM fund_model_counties s
