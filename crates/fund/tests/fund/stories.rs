//! The rules of the fund, as stories that its officers can read.

use crate::teller::Teller;

const PLEDGES: &str = "
    lan  call main 1 2018-01-15                                                       = fund.no_such_tranche main:1
    lan  pledge main 2017-12-01 2022-11-30 100 2018-01-15:20 2019-01-15:79            = fund.tranches_differ 99.00
    lan  pledge main 2017-12-01 2022-11-30 100 2019-01-15:20 2018-01-15:80            = fund.tranche_order 2018-01-15
    lan  pledge main 2017-12-01 2018-11-30 100 2018-01-15:20 2019-01-15:80            = fund.tranche_order 2019-01-15
    lan  pledge Main 2017-12-01 2022-11-30 100 2018-01-15:100                         = fund.bad_key Main
    lan  pledge main 2018-07-03 2022-11-30 100 2018-07-15:100                         = fund.future_day 2018-07-03
    lan  pledge main 2017-12-01 2022-11-30 100 2018-01-15:20 2019-01-15:80
    lan  pledge main 2017-12-01 2022-11-30 100 2018-01-15:20 2019-01-15:80            = again
    lan  pledge main 2017-12-01 2022-11-30 101 2018-01-15:21 2019-01-15:80            = fund.key_taken pledge:main
    fin  receive b-1 main 1 2018-01-20 5                                              = fund.not_called main:1
    lan  call main 1 2018-01-15
    books assets:pledge:main-1                                                        = 20.00 0.00
    fin  receive b-1 main 1 2018-01-20 5
    fin  receive b-1 main 1 2018-01-20 5                                              = again
    fin  receive b-1 main 1 2018-01-20 6                                              = fund.key_taken receive:b-1
    fin  receive b-2 main 1 2018-01-21 15.01                                          = books.below_zero assets:pledge:main-1
    fin  receive b-2 main 1 2018-01-21 15
    books assets:fund:bank                                                            = 20.00 0.00
    books income:fund:pledges                                                         = 20.00 0.00
";

const BUDGETS: &str = "
    lan  budget v1 2018 commerce 100                                                  = fund.no_such_pillar commerce
    lan  own commerce 2017-12-01
    lan  own commerce 2017-11-01                                                      = fund.owner_is_newer 2017-11-01
    lan  own health 2017-12-01
    lan  budget v1 2018H1 commerce 100                                                = fund.not_a_year 2018H1
    lan  budget v1 2018 commerce 100 commerce 1                                       = fund.pillar_twice commerce
    lan  budget v1 2018 commerce 100 health 50
    lan  budget v2 2018 commerce 110                                                  = fund.budget_open 2018
    pillar commerce 2018                                                              = 0.00 0.00 0.00 0.00 0.00
    lan  approve v1                                                                   = fund.own_budget v1
    wei  approve v1
    wei  approve v1                                                                   = again
    pillar commerce 2018                                                              = 100.00 0.00 0.00 0.00 0.00
    lan  budget v2 2018 commerce 1
    wei  decline v2
    wei  approve v2                                                                   = fund.budget_decided v2
    pillar commerce 2018                                                              = 100.00 0.00 0.00 0.00 0.00
    wei  budget v3 2018 commerce 90 health 60
    lan  approve v3
    pillar commerce 2018                                                              = 90.00 0.00 0.00 0.00 0.00
    pillar health 2018                                                                = 60.00 0.00 0.00 0.00 0.00
    lan  approve v9                                                                   = fund.no_such_budget v9
";

/// A fund with 100 yuan at the bank, a budget, and a project of three milestones.
pub const BEGINNING: &str = "
    lan  own commerce 2017-12-01
    lan  own health 2017-12-01
    lan  pledge main 2017-12-01 2022-11-30 100 2018-01-15:100
    lan  call main 1 2018-01-15
    fin  receive b-1 main 1 2018-01-20 100
    lan  budget v1 2018 commerce 90 health 50
    wei  approve v1
    lan  project melons commerce 2018-01-01 2018-12-31 2018-04-01:30 2018-06-01:20 2018-10-01:25
";

const MILESTONES: &str = "
    lan  project tea wine 2018-01-01 2018-12-31 2018-04-01:30                         = fund.no_such_pillar wine
    lan  project tea commerce 2018-01-01 2018-12-31 2019-04-01:30                     = fund.days_reversed 2018-12-31
    lan  meet melons 1 2018-03-30                                                     = fund.not_committed melons:1
    lan  commit melons 1 2018-02-01
    lan  commit melons 1 2018-02-01                                                   = again
    lan  commit melons 1 2018-02-02                                                   = fund.key_taken commit:melons:1
    lan  commit melons 9 2018-02-01                                                   = fund.no_such_milestone melons:9
    books assets:fund:bank                                                            = 100.00 30.00
    pillar commerce 2018                                                              = 90.00 0.00 0.00 30.00 30.00
    lan  release melons 1 2018-04-02                                                  = fund.not_met melons:1
    lan  meet melons 1 2018-03-30
    lan  release melons 1 2018-04-02                                                  = fund.own_milestone melons:1
    wei  release melons 1 2018-03-29                                                  = fund.days_reversed 2018-03-29
    wei  release melons 1 2018-04-02
    wei  release melons 1 2018-04-02                                                  = again
    books assets:fund:bank                                                            = 70.00 0.00
    books assets:project:melons                                                       = 30.00 0.00
    pillar commerce 2018                                                              = 90.00 0.00 30.00 0.00 30.00
    fin  pay melons 2018-04-05 30.01                                                  = books.below_zero assets:project:melons
    fin  pay melons 2018-04-05 12
    pillar commerce 2018                                                              = 90.00 12.00 18.00 0.00 30.00
    lan  commit melons 2 2018-04-05
    lan  commit melons 3 2018-04-05
    pillar commerce 2018                                                              = 90.00 12.00 18.00 45.00 75.00
    lan  budget v2 2018 commerce 74.99 health 50
    wei  approve v2                                                                   = fund.budget_below_commitments 74.99
    wei  decline v2
    lan  free melons 3
    lan  meet melons 3 2018-06-01                                                     = fund.not_committed melons:3
    books assets:fund:bank                                                            = 70.00 20.00
    lan  project rice commerce 2018-01-01 2018-12-31 2018-05-01:40.01 2018-05-02:40
    lan  commit rice 1 2018-05-01                                                     = fund.over_budget 40.01
    lan  commit rice 2 2018-05-01
    lan  project cure health 2018-01-01 2019-12-31 2018-05-01:10.01 2019-05-01:5
    lan  commit cure 1 2018-05-01                                                     = books.below_zero assets:fund:bank
    lan  commit cure 2 2018-05-01                                                     = fund.no_budget health
";

const LEVERAGE: &str = "
    lan  commit melons 1 2018-02-01
    lan  meet melons 1 2018-03-30
    wei  release melons 1 2018-04-02
    leverage                                                                          = 0.00 0.00 0.00 0.00 -
    fin  pay melons 2018-04-05 10
    lan  cofinance c1 tea finance yes bank-a 7 90 fund 10                             = fund.no_such_project tea
    lan  cofinance c1 melons finance yes bank-a 7 90                                  = fund.bad_number_of_parts 0
    lan  cofinance c1 melons finance unproven bank-a 7 90 fund 10                     = fund.cause_unproven c1
    lan  cofinance c1 melons finance yes fund 7 90 fund 10                            = fund.own_money fund
    lan  cofinance c1 melons finance yes bank-a 7 90 fund 10 bank-a 5                 = fund.own_money bank-a
    lan  cofinance c1 melons finance yes bank-a 7 90 fund 10 fund 5                   = fund.mobiliser_twice fund
    lan  cofinance c1 melons finance yes bank-a 7 90 fund 10 county 20
    lan  cofinance c2 melons finance yes bank-a 7 90 fund 10                          = fund.mobilised_already 7
    leverage                                                                          = 90.00 30.00 0.00 0.00 3000
    lan  cofinance c3 melons finance no bank-b 1 500 fund 10
    lan  cofinance s1 melons turnover yes shop 1 26000                                = fund.turnover_moved s1
    lan  cofinance s1 melons turnover no shop 1 26000
    leverage                                                                          = 90.00 30.00 500.00 26000.00 3000
    lan  withdraw c1
    leverage                                                                          = 0.00 0.00 500.00 26000.00 0
    lan  withdraw c1                                                                  = again
    lan  cofinance c2 melons finance yes bank-a 7 90 fund 10
    leverage                                                                          = 90.00 90.00 500.00 26000.00 9000
";

#[tokio::test]
async fn every_story_goes_as_it_is_told() {
    testkit::on_both(async |store| Teller::new(store).await.tell("pledges", PLEDGES).await).await;
    testkit::on_both(async |store| Teller::new(store).await.tell("budgets", BUDGETS).await).await;
    for (name, story) in [("milestones", MILESTONES), ("leverage", LEVERAGE)] {
        testkit::on_both(async |store| {
            let teller = Teller::new(store).await;
            teller.tell("beginning", BEGINNING).await;
            teller.tell(name, story).await;
        })
        .await;
    }
}
