SELECT CAST(COALESCE(SUM(s.attributed_fen), 0) AS BIGINT) AS value
FROM fund_cofinance s
WHERE s.class = 'finance' AND s.causal = 1
