//! Rows of households that stand without statements, and a bare count over them.

pub const HOUSEHOLD: &str = "INSERT INTO registry_households (id, place_code, status, causes, land_milli_mu, unmet, unseen, \
    exclusions, registered_at) VALUES ($1, $2, 'registered', '', $3, $4, 0, $5, 0)";
pub const PERSON: &str = "INSERT INTO registry_persons (id, household, schooling, health, disability, labour) \
    VALUES ($1, $2, $3, $4, $5, $6)";
pub const INCOME: &str = "INSERT INTO registry_incomes (household, year, net_fen) VALUES ($1, $2, $3)";
/// Reads every row that screening reads, once, and keeps nothing.
pub const BARE: &str = "SELECT COUNT(*) AS households, SUM(m.members) AS persons, SUM(i.net_fen) AS net, \
    SUM(m.labour) AS labour, SUM(m.ill) AS ill FROM registry_households h JOIN (SELECT household, COUNT(*) AS members, \
    SUM(labour = 'able') AS labour, SUM(health = 'chronic') AS ill FROM registry_persons GROUP BY household) m \
    ON m.household = h.id LEFT JOIN registry_incomes i ON i.household = h.id AND i.year = 2017 \
    WHERE h.status = 'registered'";
