//! Answers searches.

use dci::{Count, Pagination, Said, SearchAnswer, SearchData, SearchItem, SearchRequest, SearchResponse};
use kernel::Refusal;
use registry::{HouseholdId, PersonId};

use crate::asking::{self, Entity, Measured, Search};
use crate::desk::Exchange;
use crate::model::Rejection;
use crate::records::Reader;

/// Which kind of registry this is.
pub(crate) const REGISTRY: &str = "ns:org:RegistryType:Social";

/// What a page holds.
enum Page {
    Households(Vec<HouseholdId>),
    Persons(Vec<PersonId>),
}

impl Exchange {
    /// Answers each search of a message; one that is not done says why.
    pub(crate) async fn answer_search(
        &self,
        reader: Reader<'_>,
        asked: &SearchRequest,
        correlation_id: &str,
    ) -> Result<SearchResponse, Refusal> {
        let mut answers = Vec::with_capacity(asked.search_request.len());
        for item in &asked.search_request {
            answers.push(self.answer_one(reader, item).await?);
        }
        Ok(SearchResponse {
            transaction_id: asked.transaction_id.clone(),
            correlation_id: correlation_id.to_owned(),
            search_response: answers,
        })
    }

    async fn answer_one(&self, reader: Reader<'_>, item: &SearchItem) -> Result<SearchAnswer, Refusal> {
        let answer = SearchAnswer {
            reference_id: item.reference_id.clone(),
            timestamp: Said::Is(self.now().to_string()),
            ..SearchAnswer::default()
        };
        let today = self.clock.today();
        let measured = self.registry.measured_year(today);
        let criteria = &item.search_criteria;
        let entity = Entity::of(criteria.response_entity.as_deref()).ok_or_else(|| {
            Rejection::new(
                "rjct.search_criteria.invalid",
                "response_entity is Group, Member or Person",
            )
        });
        let read = entity.and_then(|entity| {
            let read = asking::read(criteria, reader.partner, entity, (measured, today));
            read.map(|(search, page)| (entity, search, page))
        });
        let (entity, search, page) = match read {
            Ok(read) => read,
            Err(rejection) => {
                return Ok(SearchAnswer {
                    status: "rjct".to_owned(),
                    status_reason_code: Some(rejection.code.to_owned()),
                    status_reason_message: Some(rejection.why),
                    ..answer
                });
            }
        };
        let (data, found) = self.find(reader, entity, &search, measured).await?;
        Ok(SearchAnswer {
            status: "succ".to_owned(),
            data: Some(data),
            pagination: Said::Is(Pagination {
                total_count: Some(Count::Number(u64::try_from(found).unwrap_or_default())),
                ..page
            }),
            ..answer
        })
    }

    async fn find(
        &self,
        reader: Reader<'_>,
        entity: Entity,
        search: &Search,
        measured: Measured,
    ) -> Result<(SearchData, i64), Refusal> {
        let (page, found) = match search {
            Search::Sought(sought) if entity == Entity::Group => {
                let page = self.registry.households_sought(sought).await?;
                (Page::Households(page.ids), Some(page.found))
            }
            Search::Sought(sought) => {
                let page = self.registry.persons_sought(sought).await?;
                (Page::Persons(page.ids), Some(page.found))
            }
            Search::Number(field, number) => {
                let seen = reader.partner.seen();
                let persons = self.registry.persons_of_number(&seen, *field, number).await?;
                (Page::Persons(persons), None)
            }
            Search::Id(id) => (page_of(entity, id), None),
        };
        let mut records = Vec::new();
        match page {
            Page::Households(ids) => {
                for id in ids {
                    records.extend(self.group(reader, id, measured).await?);
                }
            }
            Page::Persons(ids) if entity == Entity::Group => {
                for id in ids {
                    let household = self.registry.household_of(&reader.partner.seen(), id).await;
                    if let Ok(Some(household)) = household {
                        records.extend(self.group(reader, household, measured).await?);
                    }
                }
            }
            Page::Persons(ids) => {
                for id in ids {
                    records.extend(self.person(reader, id, (entity, measured)).await?);
                }
            }
        }
        let found = found.unwrap_or_else(|| i64::try_from(records.len()).unwrap_or(i64::MAX));
        let data = SearchData {
            version: Some("1.0.0".to_owned()),
            reg_type: Some(REGISTRY.to_owned()),
            reg_record_type: Some(entity.as_str().to_owned()),
            reg_records: records,
        };
        Ok((data, found))
    }
}

/// What is no id of ours is found nowhere.
fn page_of(entity: Entity, id: &str) -> Page {
    if entity == Entity::Group {
        Page::Households(id.parse().into_iter().collect())
    } else {
        Page::Persons(id.parse().into_iter().collect())
    }
}
