//! Whom a bank pays: account numbers and bank codes as they are written in China.

use std::fmt;
use std::str::FromStr;

use kernel::{Fault, Refusal};

/// An account number or a card number: digits, as banks in China give them out; there is no IBAN.
///
/// Its `Debug` and its [`masked`](AccountNumber::masked) form show the last four digits only, so that a log or a page
/// cannot give it away by accident; [`reveal`](AccountNumber::reveal) is for the bank file.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountNumber(String);

impl AccountNumber {
    /// The whole number: for a bank file and for sealing, never for a page or a log.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The number as people may see it: `**** 1234`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

/// The last four characters of an account number, the rest hidden; of a shorter one nothing.
pub fn mask(number: &str) -> String {
    let shown = number.char_indices().rev().nth(3).filter(|(start, _)| *start > 0);
    let tail = shown.and_then(|(start, _)| number.get(start..));
    format!("**** {}", tail.unwrap_or("****"))
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNumber({})", self.masked())
    }
}

impl FromStr for AccountNumber {
    type Err = Refusal;

    /// Reads 8 to 32 digits; blanks and hyphens between them, as people copy them, are left out. A bank card (16 to 19
    /// digits that begin with 62, the number of UnionPay in ISO/IEC 7812) must have the right check digit (Luhn,
    /// ISO/IEC 7812-1 annex B): a digit that was mistyped, or two that were swapped, are found before money is sent.
    /// Anything else is refused with `bank.bad_account` or `bank.account_check_digit`, neither of which repeats the
    /// number whole.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let digits: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let is_number = (8..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return Err(Refusal::new("bank.bad_account", Fault::Refused).value(mask(&digits)));
        }
        let is_card = digits.starts_with("62") && (16..=19).contains(&digits.len());
        if is_card && !has_luhn_digit(&digits) {
            return Err(Refusal::new("bank.account_check_digit", Fault::Refused).value(mask(&digits)));
        }
        Ok(Self(digits))
    }
}

/// Luhn: every second digit from the right is doubled, digits of the products are added up, the sum ends in 0.
fn has_luhn_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(byte, is_doubled)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            let product = if is_doubled { digit * 2 } else { digit };
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The number of a bank branch in the payment systems of the People's Bank of China (支付系统行号, CNAPS code): three
/// digits for the bank, four for the city, four for the branch, one to check.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BankCode(String);

impl BankCode {
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BankCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BankCode {
    type Err = Refusal;

    /// Reads twelve digits. The last one is checked by ISO 7064 MOD 11,10, which the codes of the head offices of the
    /// national banks all follow. Anything else is refused with `bank.bad_bank_code`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let is_code = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_code && has_mod_11_10_digit(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::new("bank.bad_bank_code", Fault::Refused).value(text))
    }
}

/// ISO/IEC 7064, hybrid system MOD 11,10.
fn has_mod_11_10_digit(digits: &str) -> bool {
    let mut product = 10_u32;
    let mut sum = 0;
    for byte in digits.bytes() {
        sum = (product + u32::from(byte.wrapping_sub(b'0'))) % 10;
        product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    sum == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_head_offices_of_the_national_banks_have_the_check_digit() {
        for code in [
            "102100099996", // 中国工商银行
            "103100000026", // 中国农业银行
            "104100000004", // 中国银行
            "105100000017", // 中国建设银行
            "301290000007", // 交通银行
            "302100011000", // 中信银行
            "303100000006", // 中国光大银行
            "304100040000", // 华夏银行
            "305100000013", // 中国民生银行
            "306581000003", // 广发银行
            "307584007998", // 平安银行
            "308584000013", // 招商银行
            "309391000011", // 兴业银行
            "310290000013", // 上海浦东发展银行
            "203100000019", // 中国农业发展银行
            "403100000004", // 中国邮政储蓄银行
        ] {
            assert_eq!(code.parse::<BankCode>().unwrap().as_str(), code);
        }
    }

    #[test]
    fn an_account_number_is_read_as_people_copy_it_or_refused_without_being_repeated() {
        for (text, number) in [
            ("12345678", "12345678"),
            (" 2711 0101-2000 1234 567 ", "2711010120001234567"),
            ("6222 0212 3456 7890 128", "6222021234567890128"),
        ] {
            assert_eq!(text.parse::<AccountNumber>().unwrap().reveal(), number);
        }
        for (text, code, value) in [
            ("", "bank.bad_account", "**** ****"),
            ("1234", "bank.bad_account", "**** ****"),
            ("1234567", "bank.bad_account", "**** 4567"),
            ("GB29NWBK60161331926819", "bank.bad_account", "**** 6819"),
            ("１２３４５６７８", "bank.bad_account", "**** ５６７８"),
            ("6222021234567890123", "bank.account_check_digit", "**** 0123"),
            (&"1".repeat(33), "bank.bad_account", "**** 1111"),
        ] {
            let refusal = text.parse::<AccountNumber>().unwrap_err();
            assert_eq!(
                (refusal.code, refusal.value.as_deref()),
                (code, Some(value)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_is_never_printed_whole() {
        let number: AccountNumber = "2711010120001234567".parse().unwrap();
        assert_eq!(format!("{number:?}"), "AccountNumber(**** 4567)");
        assert_eq!(number.masked(), "**** 4567");
    }

    proptest! {
        #[test]
        fn one_mistyped_digit_of_a_card_or_a_bank_code_is_found(place in 0_usize..12, digit in 0_u8..10) {
            for (good, at) in [("6222021234567890128", place + 2), ("102100099996", place)] {
                let mut bytes = good.as_bytes().to_vec();
                prop_assume!(bytes[at] != b'0' + digit);
                bytes[at] = b'0' + digit;
                let bad = String::from_utf8(bytes).unwrap();
                let is_refused = if bad.len() == 12 {
                    bad.parse::<BankCode>().is_err()
                } else {
                    bad.parse::<AccountNumber>().is_err()
                };
                prop_assert!(is_refused, "{}", bad);
            }
        }
    }
}
