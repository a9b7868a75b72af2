//! The shape of every answer, written short: `name:type` for each property, `?` where it may be null, `[]` for a list,
//! `~` where it may be missing, a capital for another shape. [`schema`] makes JSON Schema of it.

use kernel::{Fault, Refusal};
use serde_json::{Map, Value, json};

use super::params::{Kind, PERIOD_PATTERN};
use super::shapes_of_money;

/// The shapes of everything but money.
const SHAPES: &[(&str, &str)] = &[
    ("Text", "zh:text en:text"),
    (
        "Problem",
        "type:text status:int title:text detail:text? code:text at:text? instance:text",
    ),
    ("Root", "version:text documentation:text links:map"),
    (
        "OpenApi",
        "openapi:text info:any servers:any tags:any paths:any components:any",
    ),
    ("Pillar", "id:text title:Text"),
    (
        "Programme",
        "id:text title:Text simulated:bool note:Text period:period min_lines:int pillars:Pillar[] figures:int \
        published_figures:int",
    ),
    (
        "Layout",
        "name:text title:Text channel:text currency:text simulated:bool",
    ),
    ("LayoutList", "items:Layout[]"),
    (
        "PublishedFigure",
        "id:text pillar:text title:Text relation:(equal|more_than|at_least|about) value:text unit:text \
        from:day? to:day? page:int? holds:bool?",
    ),
    (
        "FigureEntry",
        "id:text title:Text pillar:text unit:text value:int? state:(known|too_few|missing) \
        published:PublishedFigure? href:text",
    ),
    (
        "FigureList",
        "period:period version:int simulated:Text? items:FigureEntry[] not_yet_defined:PublishedFigure[]",
    ),
    (
        "Previous",
        "period:period title:Text value:int change:int change_permille:int?",
    ),
    (
        "BreakdownHead",
        "dimension:text adds_up:bool hidden:int withheld:bool rows:int href:text",
    ),
    (
        "TraceEvidence",
        "place:place place_title:Text segment_sha256:text file_name:text file_sha256:text lines:int \
        value:int first_source_lines:int[]",
    ),
    (
        "FigureEvidence",
        "segments:int lines:int? ~table:text chain_head:text? trace:TraceEvidence[]",
    ),
    (
        "FigureDetail",
        "id:text title:Text note:Text pillar:text unit:text period:period version:int published_at:instant \
        simulated:Text? value:int? state:(known|too_few|missing) published:PublishedFigure? previous:Previous? \
        breakdowns:BreakdownHead[] sql:text views_sql:text evidence:FigureEvidence",
    ),
    (
        "BreakdownRow",
        "key:text title:Text province:text? value:int? lines:int? counties:int?",
    ),
    (
        "BreakdownPage",
        "figure:text unit:text period:period version:int dimension:text by:text? adds_up:bool hidden:int \
        withheld:bool items:BreakdownRow[] next:text?",
    ),
    (
        "TraceSegment",
        "segment_sha256:text file_name:text file_sha256:text hidden:bool lines:int? value:int? \
        first_source_lines:int[] href:text?",
    ),
    (
        "Trace",
        "figure:text unit:text period:period place:place min_lines:int segments:TraceSegment[]",
    ),
    (
        "OrderLine",
        "source_line:int place:place day:day channel:text order_no:text line_no:text product_code:text \
        product_title:Text currency:text quantity_milli:int amount_fen:int cancelled:bool",
    ),
    (
        "RowPage",
        "figure:text table:text sha256:text columns:text[] items:any[] next:text?",
    ),
    (
        "LinePage",
        "figure:text segment_sha256:text place:place items:OrderLine[] next:text?",
    ),
    (
        "ReportHead",
        "period:period title:Text first_day:day last_day:day version:int published_at:instant figures:int \
        order_lines:int simulated:Text? href:text",
    ),
    ("ReportList", "items:ReportHead[]"),
    ("VersionHead", "version:int published_at:instant href:text"),
    ("ReportFile", "name:text bytes:int sha256:text href:text"),
    (
        "ReportDetail",
        "report:ReportHead versions:VersionHead[] files:ReportFile[]",
    ),
    ("ProgrammeHead", "id:text title:Text"),
    (
        "ReportPeriod",
        "id:period title:Text first_day:day last_day:day first_month:int last_month:int",
    ),
    ("Section", "id:text title:Text figures:text[]"),
    (
        "Breakdown",
        "dimension:text by:text? adds_up:bool hidden:int withheld:bool rows:BreakdownRow[]",
    ),
    (
        "Figure",
        "id:text title:Text note:Text unit:text pillar:text value:int? state:(known|too_few|missing) \
        published:PublishedFigure? previous:Previous? breakdowns:Breakdown[] sql:text evidence:FigureEvidence",
    ),
    ("Milestone", "date:text pillar:text place:text title:Text"),
    (
        "ModelCounty",
        "county:Text province:Text product:text product_en:text note:text",
    ),
    (
        "SegmentEvidence",
        "chain_no:int sha256:text file_name:text file_sha256:text channel:text rows:int gross_fen:int \
        net_fen:int day_first:day day_last:day merkle_root:text manifest_sha256:text previous_sha256:text",
    ),
    (
        "Evidence",
        "rows:int chain_head:text? segments:SegmentEvidence[] ~tables:TableEvidence[]",
    ),
    ("TableEvidence", "name:text sha256:text rows:int"),
    ("Signature", "algorithm:text public_key:text"),
    (
        "Report",
        "schema:int programme:ProgrammeHead period:ReportPeriod made_at:instant simulated:Text? min_lines:int \
        sections:Section[] figures:Figure[] views_sql:text not_yet_defined:PublishedFigure[] milestones:Milestone[] \
        model_counties:ModelCounty[] evidence:Evidence signature:Signature",
    ),
    ("ReportVersion", "version:int published_at:instant report:Report"),
    (
        "Place",
        "code:place name_zh:text name_en:text full_name_zh:text level:text href:text",
    ),
    ("PlaceList", "items:Place[]"),
    ("NamedPlace", "code:place name_zh:text name_en:text"),
    (
        "FormerCode",
        "code:place name_zh:text from_year:int until_year:int",
    ),
    (
        "PovertyEntry",
        "name_zh:text code_2013:place? delisted_year:int ~note:text",
    ),
    (
        "PlaceCard",
        "code:place name_zh:text name_en:text? full_name_zh:text pinyin:text? level:text in_force:bool \
        province:NamedPlace? prefecture:NamedPlace? former:FormerCode[] successors:NamedPlace[] poverty:PovertyEntry? \
        longitude:number? latitude:number?",
    ),
    (
        "Import",
        "id:text layout:text channel:text currency:text simulated:bool file_name:text file_sha256:text \
        file_bytes:int lines:int accepted:int rejected:int duplicates:int cancelled_lines:int orders:int gross_fen:int \
        net_fen:int rejects_sha256:text? imported_at:int",
    ),
    ("ImportPage", "items:Import[] next:text?"),
    ("Failure", "code:text at:text? message:Text advice:Text?"),
    (
        "Upload",
        "id:uuid file_name:text bytes:int sha256:text layout:text uploaded_at:instant uploaded_by:text \
        uploaded_role:text state:(held|waiting|importing|imported|failed|discarded) ~job:uuid ~done:int ~total:int \
        ~import:Import ~already:bool ~ended_at:instant ~failure:Failure? ~at:instant ~by:text",
    ),
    ("UploadPage", "items:Upload[] next:text?"),
    (
        "Kept",
        "report_sha256:text pack_sha256:text manifest_sha256:text signature_sha256:text signer:text",
    ),
    (
        "Draft",
        "id:uuid period:period version:int kept:Kept submitted_at:instant submitted_by:text",
    ),
    (
        "Review",
        "by:text at:instant verdict:(approved|sent_back) ~reason:text",
    ),
    (
        "Version",
        "period:period number:int draft:uuid kept:Kept reason:text? published_at:instant published_by:text",
    ),
    (
        "PeriodReport",
        "period:period version:int reason:text? opened_at:instant opened_by:text changed_at:instant \
        state:(open|in_review|published) ~draft:Draft ~reviews:Review[]",
    ),
    ("PeriodList", "items:PeriodReport[]"),
    ("DraftWithReviews", "draft:Draft reviews:Review[]"),
    (
        "PeriodHistory",
        "report:PeriodReport drafts:DraftWithReviews[] versions:Version[]",
    ),
    ("PeriodOpened", "period:period now:bool href:text"),
    ("DraftAsked", "period:period job:uuid href:text"),
    (
        "SayReview",
        "draft:uuid verdict:(approved|sent_back) ~reason:text",
    ),
    ("SayPublication", "draft:uuid"),
    ("SayCorrection", "reason:text"),
    (
        "Grant",
        "id:uuid role:text place:place? granted_at:instant granted_by:text",
    ),
    (
        "User",
        "id:uuid login:text display_name:text added_at:instant disabled_at:instant? \
         organisation_only_since:instant? grants:Grant[]",
    ),
    ("UserPage", "items:User[] next:text?"),
    ("UserLink", "user:uuid path:text expires_at:instant"),
    ("SayUser", "login:text display_name:text"),
    (
        "SayGrant",
        "role:(household|village_worker|cooperative|county|fund|finance|insurer|lender|trainer|judge|employer|donor|\
        observer|admin) ~place:place?",
    ),
    (
        "AuditRecord",
        "seq:int at:instant user:uuid? action:text subject:text? place:place? outcome:(allowed|denied) \
        request_id:text? address_sha256:text?",
    ),
    (
        "Webhook",
        "id:uuid url:text events:text[] state:(active|failing|disabled) failing_since:instant? made_at:instant \
        made_by:text",
    ),
    ("WebhookList", "items:Webhook[]"),
    ("WebhookMade", "webhook:Webhook secret:text"),
    ("WebhookRemoved", "id:uuid now:bool"),
    ("WebhookTest", "delivery:uuid href:text"),
    ("SayWebhook", "url:text events:text[]"),
    (
        "Attempt",
        "attempt:int tried_at:instant took_ms:int status:int? error_code:text?",
    ),
    (
        "Delivery",
        "id:uuid message_id:text event:text state:(waiting|delivered|failed) made_at:instant attempts:Attempt[]",
    ),
    ("DeliveryPage", "items:Delivery[] next:text?"),
    ("AuditPage", "items:AuditRecord[] next:text?"),
    (
        "Job",
        "id:uuid kind:text state:(waiting|running|finished|failed) attempts:int done:int total:int error_code:text? \
        asked_by:text asked_at:instant due_at:instant changed_at:instant",
    ),
    ("JobPage", "items:Job[] next:text?"),
];

/// Name and properties of each shape, of whatever it tells.
pub(super) fn shapes() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    SHAPES.iter().chain(shapes_of_money::SHAPES)
}

/// A shape as JSON Schema.
pub(super) fn schema(shape: &str) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for property in shape.split_whitespace() {
        let Some((name, kind)) = property.split_once(':') else {
            continue;
        };
        let plain = name.trim_start_matches('~');
        if plain == name {
            required.push(plain);
        }
        properties.insert(plain.to_owned(), of_kind(kind));
    }
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

fn of_kind(kind: &str) -> Value {
    if let Some(kind) = kind.strip_suffix('?') {
        return json!({ "anyOf": [of_kind(kind), { "type": "null" }] });
    }
    if let Some(kind) = kind.strip_suffix("[]") {
        return json!({ "type": "array", "items": of_kind(kind) });
    }
    if let Some(names) = kind.strip_prefix('(') {
        let names: Vec<&str> = names.trim_end_matches(')').split('|').collect();
        return json!({ "type": "string", "enum": names });
    }
    match kind {
        "text" => json!({ "type": "string" }),
        "int" => json!({ "type": "integer" }),
        "number" => json!({ "type": "number" }),
        "bool" => json!({ "type": "boolean" }),
        "day" => json!({ "type": "string", "format": "date" }),
        "instant" => json!({ "type": "string", "format": "date-time" }),
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "place" => json!({ "type": "string", "pattern": "^[1-9][0-9]{5}([0-9]{6})?$" }),
        "period" => json!({ "type": "string", "pattern": PERIOD_PATTERN }),
        "map" => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        "any" => json!({}),
        other => reference(other),
    }
}

/// Refuses JSON that is sent and has another shape than the one of this name.
///
/// # Errors
/// `api.bad_body`, `api.unknown_field`, `api.missing_field`, `api.bad_field`.
pub(super) fn check(name: &str, value: &Value) -> Result<(), Refusal> {
    let refused = |code| Refusal::new(code, Fault::Refused);
    let shape = shapes().find(|(known, _)| *known == name);
    let fields = shape.map_or("", |(_, shape)| shape).split_whitespace();
    let fields: Vec<(&str, &str)> = fields.filter_map(|field| field.split_once(':')).collect();
    let Some(said) = value.as_object() else {
        return Err(refused("api.bad_body").fact("cause", "no object"));
    };
    let is_known = |key: &str| fields.iter().any(|(name, _)| name.trim_start_matches('~') == key);
    if let Some(unknown) = said.keys().find(|key| !is_known(key)) {
        return Err(refused("api.unknown_field").at(unknown.escape_debug()));
    }
    for (name, kind) in fields {
        let plain = name.trim_start_matches('~');
        match said.get(plain) {
            None if plain == name => return Err(refused("api.missing_field").at(plain)),
            Some(value) if !fits(kind, value) => {
                return Err(refused("api.bad_field").at(plain).value(value));
            }
            None | Some(_) => {}
        }
    }
    Ok(())
}

/// Whether a value that is sent fits a kind; what is sent are texts, numbers, and lists of them or of other shapes.
fn fits(kind: &str, value: &Value) -> bool {
    if let Some(kind) = kind.strip_suffix('?') {
        return value.is_null() || fits(kind, value);
    }
    if let Some(kind) = kind.strip_suffix("[]") {
        return value
            .as_array()
            .is_some_and(|all| all.iter().all(|one| fits(kind, one)));
    }
    if kind == "int" {
        return value.is_i64();
    }
    if kind.starts_with(|first: char| first.is_ascii_uppercase()) {
        return check(kind, value).is_ok();
    }
    let Some(text) = value.as_str() else {
        return false;
    };
    match kind {
        "uuid" => Kind::Id.allows(text),
        "place" => Kind::Code.allows(text),
        "period" => Kind::Period.allows(text),
        "day" => Kind::Day.allows(text),
        _ => match kind.strip_prefix('(') {
            Some(names) => names.trim_end_matches(')').split('|').any(|name| name == text),
            None => !text.contains('\0'),
        },
    }
}

/// A reference to a shape.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
