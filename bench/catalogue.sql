-- The motor catalogue at the report, as DuckDB computes it: docs/features.md in
-- SQL, by the cheapest way that we found for each indicator.
--
-- An event is seen at the instants t with start < t <= stop, where start is the
-- later of becoming known and of ageing into the window, and stop is where it
-- ages out. What is wanted of a key with few rows is a self join on that; of a
-- key with many (a branch, a broker) it is a running sum of +x at start and -x
-- at stop, the asking claims sorted in before the events of the same instant.
-- A count of different values is one of their merged intervals. Keys are joined
-- by their 64-bit hashes. {data}, {out} are filled in.
CREATE OR REPLACE MACRO days(n) AS n * 86400000000;

CREATE OR REPLACE TEMP TABLE c AS
SELECT file_row_number::INTEGER n, claim_id, epoch_us(reported_at) t, least(epoch_us(happened_at), epoch_us(reported_at)) h, reported_at, happened_at,
  hash(vehicle_id) v, hash(holder_id) o, hash(driver_id) d, CASE WHEN reporter_phone IS NOT NULL THEN hash(reporter_phone) END p, policy_id,
  driver_id = holder_id driver_is_insured,
  broker_id, handler_id, branch_id, region, accident_type, reporter_role, cover_type, channel, weather, road_type, hour_of_loss, police_reported, witnesses,
  driver_age, previous_claims_12m, estimated_loss x, round(estimated_loss * 100)::BIGINT cents, sum_insured, vehicle_age, vehicle_price,
  policy_issued_on, policy_start_on, (epoch_us(happened_at) - epoch_us(policy_start_on)) / 86400000000 AS since_start,
  epoch_us(assessed_at) assessed, claimed_amount
FROM read_parquet('{data}/claims.parquet', file_row_number = true);

-- the vehicle, the insured, the telephone: few earlier claims each
CREATE OR REPLACE TEMP TABLE by_vehicle AS
WITH pairs AS (
  SELECT c.n, c.t, e.h, e.t et, e.x, e.d, e.o, e.assessed, e.claimed_amount, e.h - lag(e.h) OVER (PARTITION BY c.n ORDER BY e.h, e.t, e.n) gap
  FROM c JOIN c e ON c.v = e.v AND e.t < c.t)
SELECT n, count(*) FILTER (h >= t - days(90)) vehicle_claims_90d, count(*) FILTER (h >= t - days(365)) vehicle_claims_365d,
  count(*) FILTER (h >= t - days(730) AND h < t - days(90)) vehicle_claims_90d_to_730d,
  min(t - h) / 86400000000 vehicle_days_since_claim, min(gap) / 86400000000 vehicle_gap_min, arg_max(x, (h, et)) vehicle_last_loss,
  avg(claimed_amount) FILTER (assessed < t) vehicle_claimed_mean, count(DISTINCT d) FILTER (h >= t - days(730)) vehicle_drivers_730d,
  count(DISTINCT o) vehicle_holders_ever
FROM pairs GROUP BY n;

CREATE OR REPLACE TEMP TABLE by_holder AS
SELECT c.n, count(*) FILTER (e.h >= c.t - days(90)) holder_claims_90d, count(*) FILTER (e.h >= c.t - days(730)) holder_claims_730d,
  min(c.t - e.h) / 86400000000 holder_days_since_claim,
  CASE WHEN count(*) > 1 THEN (max(e.h) - min(e.h)) / 86400000000 / (count(*) - 1) END holder_gap_mean,
  sum(e.x) FILTER (e.h >= c.t - days(730)) holder_loss_730d, count(*) FILTER (e.h >= c.t - days(730) AND e.handler_id = c.handler_id) handler_holder_730d
FROM c JOIN c e ON c.o = e.o AND e.t < c.t GROUP BY c.n;

CREATE OR REPLACE TEMP TABLE by_phone AS
SELECT c.n, count(*) FILTER (e.h >= c.t - days(30)) phone_claims_30d, count(*) FILTER (e.h >= c.t - days(180)) phone_claims_180d,
  count(DISTINCT e.v) FILTER (e.h >= c.t - days(365)) phone_vehicles_365d, count(DISTINCT e.o) FILTER (e.h >= c.t - days(365)) phone_holders_365d,
  min(c.t - e.h) / 86400000000 phone_days_since_claim
FROM c JOIN c e ON c.p = e.p AND e.t < c.t GROUP BY c.n;

-- persons in any role of the claims table
CREATE OR REPLACE TEMP TABLE persons AS SELECT n, d k, t, h, v FROM c UNION ALL SELECT n, o, t, h, v FROM c WHERE o <> d;

CREATE OR REPLACE TEMP TABLE by_driver AS
SELECT c.n, count(*) FILTER (e.h >= c.t - days(365)) driver_claims_365d, count(*) driver_claims_ever, min(c.t - e.h) / 86400000000 driver_days_since_claim,
  count(DISTINCT e.v) FILTER (e.h >= c.t - days(730)) driver_vehicles_730d
FROM c JOIN persons e ON c.d = e.k AND e.t < c.t GROUP BY c.n;

-- policies and payments
CREATE OR REPLACE TEMP TABLE pol AS
SELECT hash(holder_id) o, hash(vehicle_id) v, epoch_us(issued_on::TIMESTAMP) t, policy_id, end_on, region FROM read_parquet('{data}/policies.parquet');
CREATE OR REPLACE TEMP TABLE holder_policies AS
SELECT c.n, count(*) holder_policies_180d FROM c JOIN pol e ON c.o = e.o AND e.t < c.t AND e.t >= c.t - days(180) GROUP BY c.n;
CREATE OR REPLACE TEMP TABLE vehicle_policies AS
SELECT c.n, count(*) vehicle_policies_365d FROM c JOIN pol e ON c.v = e.v AND e.t < c.t AND e.t >= c.t - days(365) GROUP BY c.n;
CREATE OR REPLACE TEMP TABLE own_policy AS
SELECT c.n, e.end_on, e.region policy_region FROM c JOIN pol e USING (policy_id) WHERE e.t < c.t;
CREATE OR REPLACE TEMP TABLE holder_payments AS
WITH paid AS (SELECT hash(payee_id) o, epoch_us(paid_at) t, amount FROM read_parquet('{data}/payments.parquet'))
SELECT c.n, sum(e.amount) holder_paid_730d FROM c JOIN paid e ON c.o = e.o AND e.t < c.t AND e.t >= c.t - days(730) GROUP BY c.n;

-- parties: persons, telephones and vehicles of a claim; some are in thousands of claims
CREATE OR REPLACE TEMP TABLE pt AS
SELECT c.n, c.t, CASE WHEN party_id IS NOT NULL THEN hash(party_id) END k, CASE WHEN phone IS NOT NULL THEN hash(phone) END p,
  CASE WHEN vehicle_id IS NOT NULL THEN hash(vehicle_id) END v, (1 << (list_position(['insured', 'driver', 'reporter', 'payee', 'injured', 'third_party'], role) - 1))::TINYINT role, epoch_us(known_at) s
FROM read_parquet('{data}/parties.parquet') JOIN c USING (claim_id);
CREATE OR REPLACE TEMP TABLE own_parties AS
SELECT n, count(DISTINCT k) parties_at_report, count(DISTINCT p) phones_at_report FROM pt WHERE s <= t GROUP BY n;

CREATE OR REPLACE TEMP TABLE person_asks AS SELECT DISTINCT n, t, k FROM pt WHERE s <= t AND k IS NOT NULL;
CREATE OR REPLACE TEMP TABLE phone_asks AS SELECT DISTINCT n, t, p k FROM pt WHERE s <= t AND p IS NOT NULL;
-- a person is in a claim from its first row there to a year after its last; 51
-- is insured, driver, injured or third party
CREATE OR REPLACE TEMP TABLE person_claims AS SELECT k, min(s) s, max(s) + days(365) e FROM pt WHERE k IS NOT NULL AND role & 51 > 0 GROUP BY k, n;
CREATE OR REPLACE TEMP TABLE phone_claims AS SELECT p k, min(s) s, max(s) + days(365) e FROM pt WHERE p IS NOT NULL AND role & 51 > 0 GROUP BY p, n;
CREATE OR REPLACE TEMP TABLE vehicle_claims AS SELECT v k, min(s) s, max(s) + days(730) e FROM pt WHERE v IS NOT NULL GROUP BY v, n;
CREATE OR REPLACE TEMP TABLE third_parties AS SELECT k, s, s + days(730) e FROM pt WHERE role = 32 AND k IS NOT NULL;
-- merged intervals of telephone and person
CREATE OR REPLACE TEMP TABLE phone_persons AS
WITH marked AS (SELECT p, k, s, coalesce(s > lag(s) OVER w + days(730), true) fresh FROM (SELECT DISTINCT p, k, s FROM pt WHERE p IS NOT NULL AND k IS NOT NULL) WINDOW w AS (PARTITION BY p, k ORDER BY s)),
  numbered AS (SELECT p, k, s, count(*) FILTER (fresh) OVER (PARTITION BY p, k ORDER BY s ROWS UNBOUNDED PRECEDING) island FROM marked)
SELECT p k, min(s) s, max(s) + days(730) e FROM numbered GROUP BY p, numbered.k, island;

CREATE OR REPLACE TEMP TABLE party_claims AS
WITH m AS (SELECT a.n, count(*) m FROM person_asks a JOIN person_claims i ON a.k = i.k AND i.s < a.t AND a.t <= i.e GROUP BY a.n, a.k)
SELECT n, max(m) party_claims_365d FROM m GROUP BY n;
CREATE OR REPLACE TEMP TABLE party_third AS
WITH m AS (SELECT a.n, count(*) m FROM person_asks a JOIN third_parties i ON a.k = i.k AND i.s < a.t AND a.t <= i.e GROUP BY a.n, a.k)
SELECT n, max(m) party_as_third_party_730d FROM m GROUP BY n;
CREATE OR REPLACE TEMP TABLE party_phones AS
WITH m AS (SELECT a.n, count(*) m FROM phone_asks a JOIN phone_claims i ON a.k = i.k AND i.s < a.t AND a.t <= i.e GROUP BY a.n, a.k)
SELECT n, max(m) party_phone_claims_365d FROM m GROUP BY n;
CREATE OR REPLACE TEMP TABLE party_phone_persons AS
WITH m AS (SELECT a.n, count(*) m FROM phone_asks a JOIN phone_persons i ON a.k = i.k AND i.s < a.t AND a.t <= i.e GROUP BY a.n, a.k)
SELECT n, max(m) party_phone_persons_730d FROM m GROUP BY n;
CREATE OR REPLACE TEMP TABLE phoned AS SELECT DISTINCT n FROM phone_asks;
CREATE OR REPLACE TEMP TABLE asked AS SELECT DISTINCT n FROM person_asks;
CREATE OR REPLACE TEMP TABLE driver_roles AS
SELECT c.n, bit_count(bit_or(role)) driver_roles_730d FROM c JOIN pt e ON c.d = e.k AND e.s < c.t AND e.s >= c.t - days(730) GROUP BY c.n;
CREATE OR REPLACE TEMP TABLE driver_third AS
SELECT c.n, count(*) driver_as_third_party_730d FROM c JOIN third_parties i ON c.d = i.k AND i.s < c.t AND c.t <= i.e GROUP BY c.n;
CREATE OR REPLACE TEMP TABLE vehicle_roles AS
SELECT c.n, count(*) vehicle_in_any_role_730d FROM c JOIN vehicle_claims i ON c.v = i.k AND i.s < c.t AND c.t <= i.e GROUP BY c.n;

-- keys with many claims: what was known before, less what has aged out. Nothing
-- is reported more than 90 days late, so that claims age out of long windows in
-- the order in which they happened; out of short ones some never get in.
CREATE OR REPLACE TEMP TABLE broker_past AS
SELECT broker_id k, h, count(*) OVER w r, sum((since_start < 30)::DOUBLE) OVER w f, count(since_start) OVER w m
FROM c WHERE broker_id IS NOT NULL WINDOW w AS (PARTITION BY broker_id ORDER BY h);
CREATE OR REPLACE TEMP TABLE by_broker AS
WITH a AS (
  SELECT n, broker_id k, t, rank() OVER (PARTITION BY broker_id ORDER BY t) - 1 r, coalesce(sum((since_start < 30)::DOUBLE) OVER w, 0) f, count(since_start) OVER w m
  FROM c WHERE broker_id IS NOT NULL WINDOW w AS (PARTITION BY broker_id ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
SELECT n, a.r - coalesce(p90.r, 0) broker_claims_90d, (broker_claims_90d / 90) / (nullif(coalesce(p90.r, 0) - coalesce(p455.r, 0), 0) / 365) broker_growth,
  (a.f - coalesce(p365.f, 0)) / nullif(a.m - coalesce(p365.m, 0), 0) broker_early_share_365d
FROM a ASOF LEFT JOIN broker_past p90 ON a.k = p90.k AND a.t - days(90) > p90.h
ASOF LEFT JOIN broker_past p365 ON a.k = p365.k AND a.t - days(365) > p365.h
ASOF LEFT JOIN broker_past p455 ON a.k = p455.k AND a.t - days(455) > p455.h;

CREATE OR REPLACE TEMP TABLE handler_30d AS
SELECT k, s, count(*) OVER (PARTITION BY k) - rank() OVER (PARTITION BY k ORDER BY s DESC) + 1 r
FROM (SELECT handler_id k, greatest(t, h + days(30)) s FROM c WHERE handler_id IS NOT NULL);
CREATE OR REPLACE TEMP TABLE by_handler AS
WITH a AS (SELECT n, handler_id k, t, rank() OVER (PARTITION BY handler_id ORDER BY t) - 1 r FROM c WHERE handler_id IS NOT NULL)
SELECT n, a.r - coalesce(p.r, 0) handler_claims_30d FROM a ASOF LEFT JOIN handler_30d p ON a.k = p.k AND a.t > p.s;

CREATE OR REPLACE TEMP TABLE branch_30d AS
SELECT k, s, count(*) OVER (PARTITION BY k) - rank() OVER (PARTITION BY k ORDER BY s DESC) + 1 r
FROM (SELECT branch_id k, greatest(t, h + days(30)) s FROM c WHERE branch_id IS NOT NULL);
CREATE OR REPLACE TEMP TABLE branch_past AS
SELECT branch_id k, h, count(*) OVER w r, sum(cents::DOUBLE) OVER w x, count(cents) OVER w m
FROM c WHERE branch_id IS NOT NULL WINDOW w AS (PARTITION BY branch_id ORDER BY h);
CREATE OR REPLACE TEMP TABLE by_branch AS
WITH a AS (
  SELECT n, branch_id k, t, rank() OVER (PARTITION BY branch_id ORDER BY t) - 1 r, coalesce(sum(cents::DOUBLE) OVER w, 0) x, count(cents) OVER w m
  FROM c WHERE branch_id IS NOT NULL WINDOW w AS (PARTITION BY branch_id ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
SELECT n, ((a.r - coalesce(p30.r, 0)) / 30) / (nullif(coalesce(p30.r, 0) - coalesce(p395.r, 0), 0) / 365) branch_growth,
  (a.x - coalesce(p365.x, 0)) / 100 / nullif(a.m - coalesce(p365.m, 0), 0) branch_loss_mean_365d
FROM a ASOF LEFT JOIN branch_30d p30 ON a.k = p30.k AND a.t > p30.s
ASOF LEFT JOIN branch_past p365 ON a.k = p365.k AND a.t - days(365) > p365.h
ASOF LEFT JOIN branch_past p395 ON a.k = p395.k AND a.t - days(395) > p395.h;

CREATE OR REPLACE TEMP TABLE kinds AS
SELECT n, t, h, cents, hash(region, accident_type) kind FROM c WHERE region IS NOT NULL AND accident_type IS NOT NULL;
CREATE OR REPLACE TEMP TABLE kind_3d AS
SELECT k, s, count(*) OVER (PARTITION BY k) - rank() OVER (PARTITION BY k ORDER BY s DESC) + 1 r
FROM (SELECT kind k, greatest(t, h + days(3)) s FROM kinds);
CREATE OR REPLACE TEMP TABLE kind_past AS
SELECT kind k, h, sum(cents::DOUBLE) OVER w x, sum(cents::HUGEINT * cents) OVER w xx, count(cents) OVER w m
FROM kinds WINDOW w AS (PARTITION BY kind ORDER BY h);
CREATE OR REPLACE TEMP TABLE by_kind AS
WITH a AS (
  SELECT n, kind k, t, rank() OVER (PARTITION BY kind ORDER BY t) - 1 r, sum(cents::DOUBLE) OVER w x, sum(cents::HUGEINT * cents) OVER w xx, count(cents) OVER w m
  FROM kinds WINDOW w AS (PARTITION BY kind ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
d AS (
  SELECT n, a.r - coalesce(p3.r, 0) r, coalesce(a.x, 0) - coalesce(p.x, 0) x, coalesce(a.xx, 0) - coalesce(p.xx, 0) xx, nullif(a.m - coalesce(p.m, 0), 0) m
  FROM a ASOF LEFT JOIN kind_3d p3 ON a.k = p3.k AND a.t > p3.s ASOF LEFT JOIN kind_past p ON a.k = p.k AND a.t - days(365) > p.h)
SELECT n, r region_type_claims_3d, x / 100 / m region_type_loss_mean_365d, sqrt((m * xx - x::HUGEINT * x::HUGEINT)::DOUBLE) / m / 100 region_type_loss_std_365d
FROM d;

-- outcomes: one counts from its conclusion to the next one of its claim
CREATE OR REPLACE TEMP TABLE oc AS
WITH o AS (
  SELECT c.n, c.t, c.h, epoch_us(o.concluded_at) s, lead(epoch_us(o.concluded_at), 1, 1000000000000000000) OVER (PARTITION BY c.n ORDER BY o.concluded_at) e, conclusion
  FROM read_parquet('{data}/outcomes.parquet') o JOIN c USING (claim_id))
SELECT n, h, greatest(s, t) s, e, (conclusion <> 'cleared')::INTEGER fraud
FROM o WHERE conclusion IN ('cleared', 'refused_fraud', 'withdrawn_fraud', 'confirmed_fraud') AND greatest(s, t) < e;
CREATE OR REPLACE TEMP TABLE person_outcomes AS SELECT p.k, oc.s, oc.e, oc.fraud FROM oc JOIN persons p USING (n);
CREATE OR REPLACE TEMP TABLE holder_outcomes AS
SELECT c.n, sum(fraud) holder_confirmed, count(*) holder_investigated FROM c JOIN person_outcomes i ON c.o = i.k AND i.s < c.t AND c.t <= i.e GROUP BY c.n;
CREATE OR REPLACE TEMP TABLE driver_outcomes AS
SELECT c.n, sum(fraud) driver_confirmed FROM c JOIN person_outcomes i ON c.d = i.k AND i.s < c.t AND c.t <= i.e GROUP BY c.n;
CREATE OR REPLACE TEMP TABLE vehicle_outcomes AS
SELECT c.n, sum(fraud) vehicle_confirmed FROM c JOIN (SELECT c.v, oc.* FROM oc JOIN c USING (n)) i ON c.v = i.v AND i.s < c.t AND c.t <= i.e GROUP BY c.n;
CREATE OR REPLACE TEMP TABLE phone_outcomes AS
SELECT c.n, sum(fraud) phone_confirmed FROM c JOIN (SELECT c.p, oc.* FROM oc JOIN c USING (n)) i ON c.p = i.p AND i.s < c.t AND c.t <= i.e GROUP BY c.n;

-- running counts of settled outcomes, looked up as of each claim
CREATE OR REPLACE TEMP TABLE settled AS
WITH i AS (SELECT n, greatest(s, h + days(60)) s, least(e, h + days(1095)) e, fraud FROM oc),
  moves AS (SELECT n, s ts, 1 m, fraud f FROM i WHERE s < e UNION ALL SELECT n, e, -1, -fraud FROM i WHERE s < e)
SELECT moves.*, broker_id, handler_id, branch_id, region, accident_type, reporter_role, cover_type, channel, hour_of_loss FROM moves JOIN c USING (n);
CREATE OR REPLACE TEMP TABLE overall AS
WITH r AS (SELECT ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WINDOW w AS (ORDER BY ts))
SELECT c.n, r.f / r.m prior FROM c ASOF JOIN r ON c.t > r.ts WHERE r.m > 0;
CREATE OR REPLACE TEMP TABLE rate_region_type AS
WITH r AS (SELECT region, accident_type, ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WHERE region IS NOT NULL AND accident_type IS NOT NULL WINDOW w AS (PARTITION BY region, accident_type ORDER BY ts))
SELECT c.n, r.m, r.f FROM c ASOF JOIN r ON c.region = r.region AND c.accident_type = r.accident_type AND c.t > r.ts;
CREATE OR REPLACE TEMP TABLE rate_reporter_type AS
WITH r AS (SELECT reporter_role, accident_type, ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WHERE reporter_role IS NOT NULL AND accident_type IS NOT NULL WINDOW w AS (PARTITION BY reporter_role, accident_type ORDER BY ts))
SELECT c.n, r.m, r.f FROM c ASOF JOIN r ON c.reporter_role = r.reporter_role AND c.accident_type = r.accident_type AND c.t > r.ts;
CREATE OR REPLACE TEMP TABLE rate_cover_channel AS
WITH r AS (SELECT cover_type, channel, ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WHERE cover_type IS NOT NULL AND channel IS NOT NULL WINDOW w AS (PARTITION BY cover_type, channel ORDER BY ts))
SELECT c.n, r.m, r.f FROM c ASOF JOIN r ON c.cover_type = r.cover_type AND c.channel = r.channel AND c.t > r.ts;
CREATE OR REPLACE TEMP TABLE rate_hour AS
WITH r AS (SELECT hour_of_loss, ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WHERE hour_of_loss IS NOT NULL WINDOW w AS (PARTITION BY hour_of_loss ORDER BY ts))
SELECT c.n, r.m, r.f FROM c ASOF JOIN r ON c.hour_of_loss = r.hour_of_loss AND c.t > r.ts;
CREATE OR REPLACE TEMP TABLE rate_broker AS
WITH r AS (SELECT broker_id, ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WHERE broker_id IS NOT NULL WINDOW w AS (PARTITION BY broker_id ORDER BY ts))
SELECT c.n, r.m, r.f FROM c ASOF JOIN r ON c.broker_id = r.broker_id AND c.t > r.ts;
CREATE OR REPLACE TEMP TABLE rate_handler AS
WITH r AS (SELECT handler_id, ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WHERE handler_id IS NOT NULL WINDOW w AS (PARTITION BY handler_id ORDER BY ts))
SELECT c.n, r.m, r.f FROM c ASOF JOIN r ON c.handler_id = r.handler_id AND c.t > r.ts;
CREATE OR REPLACE TEMP TABLE rate_branch AS
WITH r AS (SELECT branch_id, ts, sum(m) OVER w m, sum(f) OVER w f FROM settled WHERE branch_id IS NOT NULL WINDOW w AS (PARTITION BY branch_id ORDER BY ts))
SELECT c.n, r.m, r.f FROM c ASOF JOIN r ON c.branch_id = r.branch_id AND c.t > r.ts;
CREATE OR REPLACE TEMP TABLE handler_outcomes AS
WITH i AS (SELECT n, s, least(e, h + days(365)) e, fraud FROM oc WHERE s < least(e, h + days(365))),
  moves AS (SELECT n, s ts, 1 m, fraud f FROM i UNION ALL SELECT n, e, -1, -fraud FROM i),
  r AS (SELECT handler_id, ts, sum(m) OVER w m, sum(f) OVER w f FROM moves JOIN c USING (n) WHERE handler_id IS NOT NULL WINDOW w AS (PARTITION BY handler_id ORDER BY ts))
SELECT c.n, r.m handler_investigated_365d, r.f handler_confirmed_365d FROM c ASOF JOIN r ON c.handler_id = r.handler_id AND c.t > r.ts;

COPY (SELECT claim_id, reported_at,
  (epoch_us(happened_at) - epoch_us(policy_issued_on)) / 86400000000 days_issue_to_loss, since_start days_start_to_loss,
  (epoch_us(policy_start_on) - epoch_us(policy_issued_on)) / 86400000000 days_issue_to_start, (t - epoch_us(happened_at)) / 86400000000 days_loss_to_report,
  (epoch_us(end_on) - epoch_us(happened_at)) / 86400000000 days_loss_to_end, days_loss_to_end < 15 near_end_of_cover, days_loss_to_report > 2 reported_late,
  hour_of_loss, isodow(happened_at) - 1 weekday_of_loss, hour(reported_at) hour_of_report, month(happened_at) month_of_loss, c.region,
  hour_of_loss IN (22, 23, 0, 1, 2, 3, 4) night, night AND NOT police_reported night_without_police, weather, road_type,
  weather IN ('rain', 'snow', 'fog') OR night poor_sight, road_type IN ('rural', 'parking') AND night quiet_road_at_night,
  accident_type = 'flood' AND weather = 'clear' water_without_rain, c.region <> policy_region away_from_home,
  accident_type, police_reported, witnesses, NOT police_reported AND witnesses = 0 no_independent_evidence, x estimated_loss,
  accident_type IN ('single_vehicle', 'scratch', 'parked') AND witnesses = 0 alone_and_unseen,
  reporter_role, reporter_role = 'insured' holder_reports, driver_age, driver_age < 25 young_driver, driver_is_insured,
  parties_at_report, phones_at_report,
  coalesce(driver_claims_365d, 0) driver_claims_365d, coalesce(driver_claims_ever, 0) driver_claims_ever, driver_days_since_claim, coalesce(driver_vehicles_730d, 0) driver_vehicles_730d,
  coalesce(driver_roles_730d, 0) driver_roles_730d, coalesce(driver_as_third_party_730d, 0) driver_as_third_party_730d, CASE WHEN asked.n IS NOT NULL THEN coalesce(party_claims_365d, 0) END party_claims_365d,
  CASE WHEN asked.n IS NOT NULL THEN coalesce(party_as_third_party_730d, 0) END party_as_third_party_730d,
  previous_claims_12m, coalesce(holder_claims_90d, 0) holder_claims_90d, coalesce(holder_claims_730d, 0) holder_claims_730d, holder_days_since_claim, holder_gap_mean,
  coalesce(holder_loss_730d, 0) holder_loss_730d, coalesce(holder_paid_730d, 0) holder_paid_730d, coalesce(holder_policies_180d, 0) holder_policies_180d,
  vehicle_age, vehicle_price, sum_insured, cover_type, sum_insured / nullif(vehicle_price, 0) sum_to_price,
  coalesce(vehicle_claims_90d, 0) vehicle_claims_90d, coalesce(vehicle_claims_365d, 0) vehicle_claims_365d, coalesce(vehicle_claims_90d_to_730d, 0) vehicle_claims_90d_to_730d,
  vehicle_days_since_claim, vehicle_gap_min, vehicle_last_loss, vehicle_claimed_mean, coalesce(vehicle_drivers_730d, 0) vehicle_drivers_730d, coalesce(vehicle_holders_ever, 0) vehicle_holders_ever, coalesce(vehicle_in_any_role_730d, 0) vehicle_in_any_role_730d,
  coalesce(vehicle_policies_365d, 0) vehicle_policies_365d,
  CASE WHEN c.p IS NOT NULL THEN coalesce(phone_claims_30d, 0) END phone_claims_30d, CASE WHEN c.p IS NOT NULL THEN coalesce(phone_claims_180d, 0) END phone_claims_180d, CASE WHEN c.p IS NOT NULL THEN coalesce(phone_vehicles_365d, 0) END phone_vehicles_365d,
  CASE WHEN c.p IS NOT NULL THEN coalesce(phone_holders_365d, 0) END phone_holders_365d, phone_days_since_claim,
  CASE WHEN phoned.n IS NOT NULL THEN coalesce(party_phone_claims_365d, 0) END party_phone_claims_365d,
  CASE WHEN phoned.n IS NOT NULL THEN coalesce(party_phone_persons_730d, 0) END party_phone_persons_730d, channel,
  broker_claims_90d, broker_growth, broker_early_share_365d, handler_claims_30d,
  CASE WHEN c.handler_id IS NOT NULL THEN coalesce(handler_holder_730d, 0) END handler_holder_730d, branch_growth, branch_loss_mean_365d,
  x / nullif(sum_insured, 0) loss_to_sum_insured, x / nullif(vehicle_price, 0) loss_to_price, since_start < 30 soon_after_start,
  region_type_claims_3d, region_type_loss_mean_365d, region_type_loss_std_365d, (x - region_type_loss_mean_365d) / nullif(region_type_loss_std_365d, 0) loss_deviation,
  CASE WHEN c.region IS NOT NULL AND c.accident_type IS NOT NULL THEN (coalesce(r_region_type.f, 0) + prior * 20) / (coalesce(r_region_type.m, 0) + 20) END rate_region_type,
  CASE WHEN c.reporter_role IS NOT NULL AND c.accident_type IS NOT NULL THEN (coalesce(r_reporter_type.f, 0) + prior * 20) / (coalesce(r_reporter_type.m, 0) + 20) END rate_reporter_type,
  CASE WHEN c.cover_type IS NOT NULL AND c.channel IS NOT NULL THEN (coalesce(r_cover_channel.f, 0) + prior * 20) / (coalesce(r_cover_channel.m, 0) + 20) END rate_cover_channel,
  CASE WHEN c.hour_of_loss IS NOT NULL THEN (coalesce(r_hour.f, 0) + prior * 20) / (coalesce(r_hour.m, 0) + 20) END rate_hour,
  CASE WHEN c.broker_id IS NOT NULL THEN (coalesce(r_broker.f, 0) + prior * 10) / (coalesce(r_broker.m, 0) + 10) END rate_broker,
  CASE WHEN c.handler_id IS NOT NULL THEN (coalesce(r_handler.f, 0) + prior * 10) / (coalesce(r_handler.m, 0) + 10) END rate_handler,
  CASE WHEN c.branch_id IS NOT NULL THEN (coalesce(r_branch.f, 0) + prior * 20) / (coalesce(r_branch.m, 0) + 20) END rate_branch,
  coalesce(holder_confirmed, 0) holder_confirmed, coalesce(driver_confirmed, 0) driver_confirmed, coalesce(vehicle_confirmed, 0) vehicle_confirmed,
  CASE WHEN c.p IS NOT NULL THEN coalesce(phone_confirmed, 0) END phone_confirmed, coalesce(holder_investigated, 0) holder_investigated,
  coalesce(holder_investigated, 0) - coalesce(holder_confirmed, 0) holder_cleared, CASE WHEN c.handler_id IS NOT NULL THEN coalesce(handler_investigated_365d, 0) END handler_investigated_365d,
  CASE WHEN c.handler_id IS NOT NULL THEN coalesce(handler_confirmed_365d, 0) END handler_confirmed_365d, 1 - handler_outcomes.handler_confirmed_365d / nullif(handler_outcomes.handler_investigated_365d, 0) handler_cleared_share_365d,
  night AND NOT police_reported AND days_start_to_loss <= 60 rule_night_new_policy, CASE WHEN c.p IS NOT NULL THEN coalesce(phone_claims_180d, 0) END >= 2 AND reporter_role NOT IN ('repair_shop', 'agent') rule_phone_again,
  coalesce(vehicle_claims_365d, 0) >= 3 rule_vehicle_often, alone_and_unseen AND night AND loss_deviation > 1 rule_unseen_and_costly,
  days_issue_to_loss <= 7 AND loss_deviation > 1 rule_issue_then_loss, water_without_rain AND no_independent_evidence rule_dry_flood_unseen,
  CASE WHEN asked.n IS NOT NULL THEN coalesce(party_as_third_party_730d, 0) END >= 3 rule_third_party_again, reporter_role = 'repair_shop' AND NOT police_reported AND witnesses = 0 rule_shop_reports,
  reported_late AND soon_after_start AND no_independent_evidence rule_late_and_new
FROM c
LEFT JOIN by_vehicle USING (n)
LEFT JOIN by_holder USING (n)
LEFT JOIN by_phone USING (n)
LEFT JOIN by_driver USING (n)
LEFT JOIN holder_policies USING (n)
LEFT JOIN vehicle_policies USING (n)
LEFT JOIN own_policy USING (n)
LEFT JOIN holder_payments USING (n)
LEFT JOIN own_parties USING (n)
LEFT JOIN party_claims USING (n)
LEFT JOIN asked ON c.n = asked.n
LEFT JOIN phoned ON c.n = phoned.n
LEFT JOIN party_third USING (n)
LEFT JOIN party_phones USING (n)
LEFT JOIN party_phone_persons USING (n)
LEFT JOIN driver_roles USING (n)
LEFT JOIN driver_third USING (n)
LEFT JOIN vehicle_roles USING (n)
LEFT JOIN by_broker USING (n)
LEFT JOIN by_handler USING (n)
LEFT JOIN by_branch USING (n)
LEFT JOIN by_kind USING (n)
LEFT JOIN holder_outcomes USING (n)
LEFT JOIN driver_outcomes USING (n)
LEFT JOIN vehicle_outcomes USING (n)
LEFT JOIN phone_outcomes USING (n)
LEFT JOIN handler_outcomes USING (n)
LEFT JOIN overall USING (n)
LEFT JOIN rate_region_type r_region_type USING (n)
LEFT JOIN rate_reporter_type r_reporter_type USING (n)
LEFT JOIN rate_cover_channel r_cover_channel USING (n)
LEFT JOIN rate_hour r_hour USING (n)
LEFT JOIN rate_broker r_broker USING (n)
LEFT JOIN rate_handler r_handler USING (n)
LEFT JOIN rate_branch r_branch USING (n)
) TO '{out}' (FORMAT parquet, ROW_GROUP_SIZE 131072);
