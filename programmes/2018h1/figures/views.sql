-- 各指标共用的视图。The views the figures count. Each has the columns of `sales`, taken on with s.*: a figure's trace
-- follows its view down to the lines. Valid in DataFusion, DuckDB and Spark.

-- 人民币销售，全部渠道。Sales in yuan, every channel.
CREATE VIEW yuan_sales AS
SELECT s.* FROM sales s
WHERE s.currency = 'CNY';

-- 国家级贫困县的销售，全部渠道。Sales of the national-level poverty counties, every channel.
CREATE VIEW poverty_sales AS
SELECT s.* FROM sales s JOIN poverty_counties c ON s.place_code = c.code
WHERE s.currency = 'CNY';

-- 兴农扶贫频道的销售。Sales on the produce channel.
CREATE VIEW channel_sales AS
SELECT s.* FROM sales s
WHERE s.channel = 'xingnong' AND s.currency = 'CNY';

-- 其中国家级贫困县的销售。Of these, the sales of national-level poverty counties.
CREATE VIEW channel_poverty_sales AS
SELECT s.* FROM sales s JOIN poverty_counties c ON s.place_code = c.code
WHERE s.channel = 'xingnong' AND s.currency = 'CNY';
