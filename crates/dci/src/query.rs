//! What is searched for, in the three ways in which the standard writes it, read as comparisons that all have to hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most comparisons of a query.
const COMPARISONS_MAX: usize = 20;

/// A query as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Query {
    /// A list of comparisons joined by words.
    List(Vec<Terms>),
    /// A kind of identifier with its value, or a kind of query with its expression.
    Typed {
        /// Which kind.
        r#type: String,
        /// What of it.
        value: QueryValue,
    },
}

/// The value of a query that says its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum QueryValue {
    /// An expression.
    Expression {
        /// What has to hold.
        expression: Expression,
    },
    /// The value of an identifier.
    Plain(Value),
}

/// What has to hold of the things of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expression {
    /// Of which collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// What, as `{"$and": [{"ATTRIBUTE": {"$lt": 5}}]}`.
    pub query: Map<String, Value>,
}

/// Comparisons joined by a word: `expression1`, `condition`, `expression2`. The samples go on with `expression3` and repeat the
/// word; of a name that is there twice, the last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Its place among the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq_num: Option<Value>,
    /// `and`, `or`, `not`; empty where there is one comparison.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The comparisons by their names.
    #[serde(flatten)]
    pub expressions: BTreeMap<String, Written>,
}

/// A comparison as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Written {
    /// A comparison.
    Is {
        /// Of what.
        attribute_name: String,
        /// How: `gt`, `lt`, `eq`, `ge`, `le`, `in`.
        operator: String,
        /// With what.
        attribute_value: Value,
    },
    /// None; the samples leave an empty text.
    Text(String),
}

/// One thing that has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Of what.
    pub attribute: String,
    /// How.
    pub operator: Operator,
    /// With what.
    pub value: Value,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Greater.
    Gt,
    /// Less.
    Lt,
    /// The same.
    Eq,
    /// As much or more.
    Ge,
    /// As much or less.
    Le,
    /// One of a list.
    In,
}

impl Operator {
    fn of(word: &str) -> Result<Self, QueryFault> {
        match word {
            "gt" => Ok(Self::Gt),
            "lt" => Ok(Self::Lt),
            "eq" => Ok(Self::Eq),
            "ge" | "gte" => Ok(Self::Ge),
            "le" | "lte" => Ok(Self::Le),
            "in" => Ok(Self::In),
            _ => Err(QueryFault::Operator(word.to_owned())),
        }
    }
}

/// Why a query is not one that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryFault {
    /// An operator that is none of ours.
    Operator(String),
    /// Comparisons joined by something else than `and`.
    NotAnd(String),
    /// Nothing is compared.
    Empty,
    /// More is compared than is taken.
    TooMany,
    /// It has no form that is known.
    Form,
}

impl std::fmt::Display for QueryFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Operator(word) => write!(f, "the operator {word:?} is not known"),
            Self::NotAnd(word) => write!(f, "comparisons are joined by \"and\" only, not by {word:?}"),
            Self::Empty => f.write_str("nothing is compared"),
            Self::TooMany => write!(f, "more than {COMPARISONS_MAX} comparisons"),
            Self::Form => f.write_str("the query has no form that is known"),
        }
    }
}

impl Query {
    /// Everything that has to hold.
    ///
    /// # Errors
    /// [`QueryFault`].
    pub fn comparisons(&self) -> Result<Vec<Comparison>, QueryFault> {
        let mut found = Vec::new();
        match self {
            Self::List(list) => {
                for terms in list {
                    terms.compare(&mut found)?;
                }
            }
            Self::Typed {
                value: QueryValue::Expression { expression },
                ..
            } => {
                compare_all(&expression.query, &mut found)?;
            }
            Self::Typed {
                r#type,
                value: QueryValue::Plain(value),
            } => found.push(Comparison {
                attribute: r#type.clone(),
                operator: Operator::Eq,
                value: value.clone(),
            }),
        }
        match found.len() {
            0 => Err(QueryFault::Empty),
            1..=COMPARISONS_MAX => Ok(found),
            _ => Err(QueryFault::TooMany),
        }
    }
}

impl Terms {
    fn compare(&self, found: &mut Vec<Comparison>) -> Result<(), QueryFault> {
        let before = found.len();
        for written in self.expressions.values() {
            match written {
                Written::Is {
                    attribute_name,
                    operator,
                    attribute_value,
                } => found.push(Comparison {
                    attribute: attribute_name.clone(),
                    operator: Operator::of(operator)?,
                    value: attribute_value.clone(),
                }),
                Written::Text(text) if text.is_empty() => {}
                Written::Text(_) => return Err(QueryFault::Form),
            }
        }
        let joined = self.condition.as_deref().unwrap_or_default();
        if joined == "not" || (found.len() > before + 1 && joined != "and") {
            return Err(QueryFault::NotAnd(joined.to_owned()));
        }
        Ok(())
    }
}

/// `{"$and": [...]}`, `{"ATTRIBUTE": {"$lt": 5}}` or `{"ATTRIBUTE": 5}`. JSON is never read so deep that this could not end.
fn compare_all(query: &Map<String, Value>, found: &mut Vec<Comparison>) -> Result<(), QueryFault> {
    for (name, value) in query {
        match (name.strip_prefix('$'), value) {
            (Some("and"), Value::Array(inner)) => {
                for one in inner {
                    compare_all(one.as_object().ok_or(QueryFault::Form)?, found)?;
                }
            }
            (Some(word), _) => return Err(QueryFault::NotAnd(word.to_owned())),
            (None, Value::Object(operators)) => {
                for (operator, value) in operators {
                    let word = operator.strip_prefix('$').ok_or(QueryFault::Form)?;
                    found.push(Comparison {
                        attribute: name.clone(),
                        operator: Operator::of(word)?,
                        value: value.clone(),
                    });
                }
            }
            (None, value) => found.push(Comparison {
                attribute: name.clone(),
                operator: Operator::Eq,
                value: value.clone(),
            }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(query: Value) -> Result<String, QueryFault> {
        let query: Query = serde_json::from_value(query).unwrap();
        let list = query.comparisons()?;
        let words = list
            .iter()
            .map(|one| format!("{} {:?} {}", one.attribute, one.operator, one.value));
        Ok(words.collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn the_three_ways_of_writing_come_to_the_same_list() {
        let expression = |query: Value| json!({ "type": "ns:org:QueryType:NoSql", "value": { "expression": { "collection": "Group", "query": query } } });
        let one = |name: &str, operator: &str, value: &str| json!({ "attribute_name": name, "operator": operator, "attribute_value": value });
        for (query, list) in [
            (json!({ "type": "UIN", "value": "8479" }), Ok("UIN Eq \"8479\"")),
            (
                expression(json!({ "$and": [{ "size": { "$lt": 5 } }, { "sex": { "$eq": "F" } }] })),
                Ok("size Lt 5, sex Eq \"F\""),
            ),
            (
                expression(json!({ "size": { "$ge": 1, "$le": 3 }, "sex": "F" })),
                Ok("size Ge 1, size Le 3, sex Eq \"F\""),
            ),
            (
                json!([{ "seq_num": "", "expression1": one("UIN", "eq", "1"), "condition": "", "expression2": "" }]),
                Ok("UIN Eq \"1\""),
            ),
            (
                json!([{ "expression1": one("age", "lt", "3"), "condition": "and", "expression2": one("sex", "eq", "m"),
                      "expression3": one("x", "in", "1") }]),
                Ok("age Lt \"3\", sex Eq \"m\", x In \"1\""),
            ),
            (
                json!([{ "expression1": one("age", "lt", "3"), "condition": "or", "expression2": one("sex", "eq", "m") }]),
                Err(QueryFault::NotAnd("or".to_owned())),
            ),
            (
                expression(json!({ "$or": [] })),
                Err(QueryFault::NotAnd("or".to_owned())),
            ),
            (
                expression(json!({ "size": { "$regex": "x" } })),
                Err(QueryFault::Operator("regex".to_owned())),
            ),
            (expression(json!({})), Err(QueryFault::Empty)),
            (
                json!(vec![json!({ "expression1": one("a", "eq", "1") }); 21]),
                Err(QueryFault::TooMany),
            ),
        ] {
            assert_eq!(read(query), list.map(str::to_owned));
        }
    }
}
