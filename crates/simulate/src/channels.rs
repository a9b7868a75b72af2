//! The channels whose order files are made: how much of a county's sales goes through each, and what its files look like.
//!
//! Together they show what real exports show: three encodings, four containers, Chinese and English heads, five ways to
//! write a day and four to write an amount, three ways to say that a line was cancelled. The matching layouts, from which
//! the files are read again, are `programmes/2018h1/channels/NAME.toml`.

/// What a column of a channel's file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Order,
    Line,
    Day,
    CountyCode,
    /// The code the channel still writes: withdrawn for some counties.
    OldCountyCode,
    CountyName,
    /// Province, prefecture and county.
    FullCountyName,
    Product,
    Title,
    TitleEn,
    Quantity,
    UnitPrice,
    Amount,
    Status,
}

/// How a channel writes a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayStyle {
    /// `2018-03-05 10:11:12`
    IsoTime,
    /// `2018/3/5 10:11`
    SlashTime,
    /// `2018年3月5日`
    Chinese,
    /// `20180305`
    Compact,
    /// `5/3/2018`
    DayFirst,
    /// `3/5/2018`
    MonthFirst,
}

/// How a channel writes an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountStyle {
    /// `1234.50`
    Plain,
    /// `¥1,234.50`, within quotes
    Yen,
    /// `1234.50元`
    Yuan,
    /// `1,234.50`, and `(1,234.50)` where negative
    Brackets,
    /// `1,234.50`, within quotes
    Commas,
}

/// How a channel says that a line takes an earlier one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundStyle {
    /// By a status; amount and quantity are negative.
    Status,
    /// By a status; amount and quantity stay positive.
    StatusReversed,
    /// By what the order number begins with; amount and quantity are negative.
    Prefix(&'static str),
    /// By the negative quantity alone.
    Quantity,
}

/// What a channel's file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    Plain,
    /// UTF-8 with a byte order mark.
    Marked,
    Gb18030,
    Gb18030Gzip,
    Zip,
    Workbook,
}

/// One channel.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    /// Name of the channel and of its layout.
    pub name: &'static str,
    /// Stands behind `SIM` in its order numbers.
    pub mark: &'static str,
    pub container: Container,
    pub delimiter: u8,
    pub columns: &'static [(&'static str, Column)],
    pub day: DayStyle,
    pub amount: AmountStyle,
    pub refund: RefundStyle,
    /// Months in one file: 1, 3 or 6.
    pub months_per_file: u8,
    /// Rows at the end of a file that stand at the head of the next one too.
    pub overlap_rows: usize,
    /// Thousandths of a county's sales that go through the channel; the platform has what is left.
    pub share_permille: u64,
    /// Channel counties that sell on it.
    pub counties: usize,
    pub products_per_county: usize,
    pub months_per_product: u8,
    /// Sales that were taken back, each two lines that add up to nothing.
    pub refunds: usize,
    /// Pairs of equal lines of one order.
    pub twins: usize,
    /// Lines a product has in a month whatever the size of the simulation, where that is fixed.
    pub lines_fixed: Option<u64>,
}

impl Channel {
    /// What the file names end with.
    pub fn extension(&self) -> &'static str {
        match self.container {
            Container::Plain | Container::Marked | Container::Gb18030 => "csv",
            Container::Gb18030Gzip => "csv.gz",
            Container::Zip => "csv.zip",
            Container::Workbook => "xlsx",
        }
    }

    /// Whether the file has a column of this kind.
    pub fn has(&self, column: Column) -> bool {
        self.columns.iter().any(|(_, held)| *held == column)
    }

    /// Whether a line's amount has to be its quantity times its unit price exactly.
    pub fn is_priced_by_unit(&self) -> bool {
        self.has(Column::UnitPrice) && !self.has(Column::Amount)
    }
}

/// The platform: every poverty county, by category of goods.
pub const PLATFORM: Channel = Channel {
    name: "platform",
    mark: "PF",
    container: Container::Plain,
    delimiter: b',',
    columns: &[
        ("order_no", Column::Order),
        ("line_no", Column::Line),
        ("paid_at", Column::Day),
        ("county_code", Column::CountyCode),
        ("county_name", Column::CountyName),
        ("product_code", Column::Product),
        ("product_title", Column::Title),
        ("quantity", Column::Quantity),
        ("unit_price", Column::UnitPrice),
        ("paid_amount", Column::Amount),
        ("status", Column::Status),
    ],
    day: DayStyle::IsoTime,
    amount: AmountStyle::Plain,
    refund: RefundStyle::Status,
    months_per_file: 1,
    overlap_rows: 0,
    share_permille: 0,
    counties: 0,
    products_per_county: 0,
    months_per_product: 6,
    refunds: 200,
    twins: 0,
    lines_fixed: None,
};

/// The channel of the report: every channel county and product.
const XINGNONG: Channel = Channel {
    name: "xingnong",
    mark: "XN",
    container: Container::Marked,
    delimiter: b',',
    columns: &[
        ("订单编号", Column::Order),
        ("行号", Column::Line),
        ("付款时间", Column::Day),
        ("产地县代码", Column::OldCountyCode),
        ("产地县", Column::CountyName),
        ("商品编码", Column::Product),
        ("商品名称", Column::Title),
        ("数量", Column::Quantity),
        ("实付金额", Column::Amount),
    ],
    day: DayStyle::SlashTime,
    amount: AmountStyle::Yen,
    refund: RefundStyle::Prefix("SIM-TK"),
    months_per_file: 1,
    overlap_rows: 20,
    share_permille: 60,
    counties: usize::MAX,
    products_per_county: usize::MAX,
    months_per_product: 3,
    refunds: 60,
    twins: 0,
    lines_fixed: None,
};

const TMALL_SUPERMARKET: Channel = Channel {
    name: "tmall-supermarket",
    mark: "TM",
    container: Container::Gb18030Gzip,
    delimiter: b'\t',
    columns: &[
        ("主订单号", Column::Order),
        ("成交日期", Column::Day),
        ("货号", Column::Product),
        ("宝贝标题", Column::Title),
        ("产地", Column::FullCountyName),
        ("件数", Column::Quantity),
        ("买家实付", Column::Amount),
        ("交易状态", Column::Status),
    ],
    day: DayStyle::Chinese,
    amount: AmountStyle::Yuan,
    refund: RefundStyle::StatusReversed,
    months_per_file: 1,
    overlap_rows: 15,
    share_permille: 25,
    counties: 36,
    products_per_county: 2,
    months_per_product: 3,
    refunds: 24,
    twins: 0,
    lines_fixed: None,
};

const HEMA: Channel = Channel {
    name: "hema",
    mark: "HM",
    container: Container::Workbook,
    delimiter: b',',
    columns: &[
        ("销售日期", Column::Day),
        ("商品编码", Column::Product),
        ("商品名称", Column::Title),
        ("产地", Column::FullCountyName),
        ("销量", Column::Quantity),
        ("销售额", Column::Amount),
    ],
    day: DayStyle::IsoTime,
    amount: AmountStyle::Plain,
    refund: RefundStyle::Quantity,
    months_per_file: 6,
    overlap_rows: 0,
    share_permille: 15,
    counties: 30,
    products_per_county: 1,
    months_per_product: 3,
    refunds: 10,
    twins: 0,
    lines_fixed: Some(6),
};

const RT_MART: Channel = Channel {
    name: "rt-mart",
    mark: "RT",
    container: Container::Zip,
    delimiter: b';',
    columns: &[
        ("Receipt No", Column::Order),
        ("Line", Column::Line),
        ("Sale Date", Column::Day),
        ("SKU", Column::Product),
        ("Description", Column::TitleEn),
        ("Origin Code", Column::CountyCode),
        ("Qty", Column::Quantity),
        ("Amount CNY", Column::Amount),
    ],
    day: DayStyle::DayFirst,
    amount: AmountStyle::Brackets,
    refund: RefundStyle::Quantity,
    months_per_file: 3,
    overlap_rows: 10,
    share_permille: 12,
    counties: 24,
    products_per_county: 1,
    months_per_product: 4,
    refunds: 12,
    twins: 0,
    lines_fixed: None,
};

const INTIME: Channel = Channel {
    name: "intime",
    mark: "YT",
    container: Container::Gb18030,
    delimiter: b',',
    columns: &[
        ("小票号", Column::Order),
        ("销售日", Column::Day),
        ("款号", Column::Product),
        ("品名", Column::Title),
        ("产地", Column::FullCountyName),
        ("数量", Column::Quantity),
        ("金额", Column::Amount),
    ],
    day: DayStyle::Compact,
    amount: AmountStyle::Commas,
    refund: RefundStyle::Prefix("SIM-TH"),
    months_per_file: 6,
    overlap_rows: 0,
    share_permille: 6,
    counties: 16,
    products_per_county: 1,
    months_per_product: 3,
    refunds: 6,
    twins: 4,
    lines_fixed: None,
};

/// The flagship store of `FLAGSHIP_COUNTY`.
const FLAGSHIP: Channel = Channel {
    name: "flagship-bachu",
    mark: "BC",
    container: Container::Marked,
    delimiter: b',',
    columns: &[
        ("InvoiceNo", Column::Order),
        ("LineNo", Column::Line),
        ("StockCode", Column::Product),
        ("Description", Column::TitleEn),
        ("Quantity", Column::Quantity),
        ("InvoiceDate", Column::Day),
        ("UnitPrice", Column::UnitPrice),
    ],
    day: DayStyle::MonthFirst,
    amount: AmountStyle::Plain,
    refund: RefundStyle::Quantity,
    months_per_file: 6,
    overlap_rows: 0,
    share_permille: 20,
    counties: 1,
    products_per_county: usize::MAX,
    months_per_product: 6,
    refunds: 6,
    twins: 0,
    lines_fixed: None,
};

/// The channels beside the platform.
pub const OTHERS: [Channel; 6] = [XINGNONG, TMALL_SUPERMARKET, HEMA, RT_MART, INTIME, FLAGSHIP];

/// The county (GB/T 2260) whose flagship store is the channel with a single county.
pub const FLAGSHIP_COUNTY: u64 = 653_130;
