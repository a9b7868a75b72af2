//! Payments out: `payments`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `fishpond payments`
#[derive(Debug, Subcommand)]
pub enum Payments {
    /// Open a batch of payments from one account on one day
    #[command(
        after_help = "Example: fishpond payments new 2018-07-apples --as wang --source assets:fund:bank --payer 鱼塘基金 --account 2711010120001234567 --bank 103100000026 --on 2018-07-03\n         fishpond payments new 2018-07-cash --as li --method cash --source assets:county:cash --payer 礼县扶贫办 --place 621226 --on 2018-07-03"
    )]
    New(PaymentsNew),
    /// Add a payment to a draft, or all of a file
    #[command(
        after_help = "Example: fishpond payments add 2018-07-apples --as wang --key contract-7 --payee 李兰 --account 6222021234567890128 --bank 103100000026 --amount 1234.50 --purpose produce --charge liabilities:household:h7\n         fishpond payments add 2018-07-apples --as wang --file payments.csv"
    )]
    Add(PaymentsAdd),
    /// Close a draft to changes; it waits for two approvals from then on
    #[command(after_help = "Example: fishpond payments prepare 2018-07-apples --as wang")]
    Prepare(PaymentsStep),
    /// Approve a batch; the second approval holds its money in the books
    #[command(
        after_help = "Example: fishpond payments approve 2018-07-apples --as chen\n         fishpond payments approve 2018-07-apples --as lan"
    )]
    Approve(PaymentsStep),
    /// Write the file to the bank (ISO 20022 pain.001.001.09); the batch is out from then on
    #[command(after_help = "Example: fishpond payments file 2018-07-apples --as wang --out order.xml")]
    File {
        /// Which batch and who
        #[command(flatten)]
        step: PaymentsStep,
        /// File to write; it names payees and accounts in clear
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take in what a bank answers (pain.002, camt.053, camt.054); the same file again changes nothing
    #[command(after_help = "Example: fishpond payments answer statement.xml --as wang")]
    Answer {
        /// The bank's file
        file: PathBuf,
        /// Login of the user you are
        #[arg(long = "as", value_name = "LOGIN")]
        actor: String,
    },
    /// Give a batch up before its file is out; what it held is free again
    #[command(
        after_help = "Example: fishpond payments cancel 2018-07-apples --as wang --reason \"prices were wrong\""
    )]
    Cancel {
        /// Which batch and who
        #[command(flatten)]
        step: PaymentsStep,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Record that a payment of a batch in cash or by an agent was handed out
    #[command(
        after_help = "Example: fishpond payments payout LINE-ID --as li --receipt R-17 --scan receipt.jpg --witness zhao --on 2018-07-04"
    )]
    Payout(PaymentsPayout),
    /// Settle what a bank said of a payment that is not known: give it to a payment, or close it
    #[command(
        after_help = "Example: fishpond payments settle SAYING-ID --as wang --line LINE-ID\n         fishpond payments settle SAYING-ID --as wang --nobody \"fee of the bank, entered in the books\""
    )]
    Settle(PaymentsSettle),
    /// List the batches, or with --open what waits for a person
    #[command(after_help = "Example: fishpond payments list --as wang --json")]
    List {
        /// Login of the user you are
        #[arg(long = "as", value_name = "LOGIN")]
        actor: String,
        /// What banks said that no payment of ours fits
        #[arg(long)]
        open: bool,
    },
    /// Show a batch with its payments, names and account numbers masked
    #[command(after_help = "Example: fishpond payments show 2018-07-apples --as wang")]
    Show(PaymentsStep),
}

/// A batch and who acts on it.
#[derive(Debug, Args)]
pub struct PaymentsStep {
    /// The batch, by the key it was opened under or by its id
    pub batch: String,
    /// Login of the user you are, who may do the same on the web. It is believed, because whoever runs this command owns the
    /// machine
    #[arg(long = "as", value_name = "LOGIN")]
    pub actor: String,
}

/// A batch to open.
#[derive(Debug, Args)]
pub struct PaymentsNew {
    /// Which batch and who
    #[command(flatten)]
    pub step: PaymentsStep,
    /// How it is paid: bank, cash or agent
    #[arg(long, default_value = "bank")]
    pub method: String,
    /// The account in the books that the money is taken from
    #[arg(long, value_name = "ACCOUNT")]
    pub source: String,
    /// The holder of the bank account, or who hands the money out
    #[arg(long, value_name = "NAME")]
    pub payer: String,
    /// The bank account that pays
    #[arg(long, value_name = "NUMBER", requires = "bank")]
    pub account: Option<String>,
    /// The bank that keeps it, by its code in the payment systems (12 digits)
    #[arg(long, value_name = "CODE", requires = "account")]
    pub bank: Option<String>,
    /// Where, by place code; the whole country where it is not given
    #[arg(long, value_name = "CODE")]
    pub place: Option<String>,
    /// The day on which to pay, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub on: String,
}

/// Payments to add.
#[derive(Debug, Args)]
pub struct PaymentsAdd {
    /// Which batch and who
    #[command(flatten)]
    pub step: PaymentsStep,
    /// A CSV file in UTF-8 with the columns key, payee, account, bank, amount, purpose, text, charge; all of its payments are
    /// added, or none
    #[arg(long, value_name = "CSV", conflicts_with_all = ["key", "payee", "account", "bank", "amount", "purpose", "text", "charge"])]
    pub file: Option<PathBuf>,
    /// What makes the payment one and the same within its batch, such as a contract's number
    #[arg(long, required_unless_present = "file")]
    pub key: Option<String>,
    /// Who gets it: the name in which the account is held
    #[arg(long, value_name = "NAME", required_unless_present = "file")]
    pub payee: Option<String>,
    /// The payee's account
    #[arg(long, value_name = "NUMBER", requires = "bank")]
    pub account: Option<String>,
    /// The bank that keeps it, by its code in the payment systems (12 digits)
    #[arg(long, value_name = "CODE", requires = "account")]
    pub bank: Option<String>,
    /// How much, in yuan
    #[arg(long, value_name = "YUAN", required_unless_present = "file")]
    pub amount: Option<String>,
    /// What for: grant, produce, wages, loan, claim, education, refund or other
    #[arg(long, required_unless_present = "file")]
    pub purpose: Option<String>,
    /// What the payee reads on the statement
    #[arg(long)]
    pub text: Option<String>,
    /// The account in the books that it is charged to
    #[arg(long, value_name = "ACCOUNT", required_unless_present = "file")]
    pub charge: Option<String>,
}

/// A payment that was handed out.
#[derive(Debug, Args)]
pub struct PaymentsPayout {
    /// The payment, by its id
    pub line: String,
    /// Login of the user you are
    #[arg(long = "as", value_name = "LOGIN")]
    pub actor: String,
    /// The number on the receipt
    #[arg(long, value_name = "NUMBER")]
    pub receipt: String,
    /// The receipt, photographed or scanned
    #[arg(long, value_name = "FILE")]
    pub scan: PathBuf,
    /// Login of the user who was there; another than you
    #[arg(long, value_name = "LOGIN")]
    pub witness: String,
    /// The day on which it was handed out, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub on: String,
}

/// A decision about something open.
#[derive(Debug, Args)]
pub struct PaymentsSettle {
    /// What is open, by its id
    pub saying: String,
    /// Login of the user you are
    #[arg(long = "as", value_name = "LOGIN")]
    pub actor: String,
    /// The payment it is about, by its id
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "nobody",
        conflicts_with = "nobody"
    )]
    pub line: Option<String>,
    /// It is about no payment of ours, and why
    #[arg(long, value_name = "REASON")]
    pub nobody: Option<String>,
}
