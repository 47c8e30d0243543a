//! `rest/api`: all of Data Center's, and what Cloud has of it for lack of a newer form.

use serde_json::{Value, json};

use super::{
    cloud,
    reply::Reply,
    state::{Attachment, Edition, HOME, HOME_ID, Page, Received, SPACE, State},
};

/// How many pages a search shows at once, whatever it is asked for.
const SHOWN: usize = 2;

pub fn answer(state: &mut State, request: &Received) -> Reply {
    let parts = request.parts();
    let asked = parts.get(2..).unwrap_or_default();
    let result = match (request.method.as_str(), asked) {
        ("GET", ["content", "search"]) => search(state, request),
        ("POST", ["content", id, "label"]) => add_labels(state, request, id),
        ("DELETE", ["content", id, "label"]) => state.find(id).map(|at| {
            state.pages[at].labels.remove(request.asked("name").unwrap_or_default());
            Reply::nothing()
        }),
        ("POST", ["content", id, "child", "attachment"]) => attach(state, request, id),
        _ if state.edition == Edition::DataCenter => own(state, request, asked),
        _ => Err(Reply::refused(410, "This deprecated endpoint has been removed.")),
    };
    result.unwrap_or_else(|refused| refused)
}

/// What only Data Center has here.
fn own(state: &mut State, request: &Received, asked: &[&str]) -> Result<Reply, Reply> {
    match (request.method.as_str(), asked) {
        ("GET", ["space", SPACE]) => Ok(Reply::ok(json!({
            "id": 98305, "key": SPACE, "homepage": { "id": HOME_ID, "title": HOME },
        }))),
        ("GET", ["content"]) => Ok(titled(state, request)),
        ("POST", ["content"]) => create(state, request),
        ("GET", ["content", id]) => {
            let page = &state.pages[state.find(id)?];
            let is_shown = page.status == "current" || request.asked("status") == Some("any");
            if is_shown {
                Ok(Reply::ok(shown(page, request)))
            } else {
                Err(Reply::refused(404, "No content found"))
            }
        }
        ("PUT", ["content", id]) => update(state, request, id),
        ("DELETE", ["content", id]) => {
            let at = state.find(id)?;
            state.pages[at].status = "trashed";
            Ok(Reply::nothing())
        }
        ("GET", ["content", id, "child", "page"]) => {
            let below = state.pages.iter().filter(|page| page.parent.as_deref() == Some(*id));
            Ok(Reply::list(
                below.filter(|page| page.status == "current").map(|page| shown(page, request)).collect(),
            ))
        }
        ("GET", ["content", id, "child", "attachment"]) => {
            Ok(Reply::list(cloud::attachments(state, request, id)))
        }
        ("GET", ["content", id, "label"]) => Ok(cloud::labels(&state.pages[state.find(id)?])),
        ("GET", ["content", id, "property", key]) => {
            let page = &state.pages[state.find(id)?];
            let property = page.properties.iter().find(|(_, known, ..)| known == key);
            property
                .map(|found| Reply::ok(cloud::property(found)))
                .ok_or_else(|| Reply::refused(404, "No property"))
        }
        ("POST", ["content", id, "property"]) => set_property(state, request, id, None),
        ("PUT", ["content", id, "property", key]) => set_property(state, request, id, Some(key)),
        _ => Err(Reply::refused(404, "Not Found")),
    }
}

fn shown(page: &Page, request: &Received) -> Value {
    let expanded =
        |what: &str| request.asked("expand").is_some_and(|all| all.split(',').any(|part| part == what));
    let mut shown = json!({
        "id": page.id, "type": "page", "status": page.status, "title": page.title,
        "_links": { "webui": format!("/display/{SPACE}/{}", page.title.replace(' ', "+")) },
    });
    if expanded("version") {
        shown["version"] = json!({ "number": page.version, "minorEdit": page.minor });
    }
    if expanded("body.storage") {
        shown["body"] = json!({ "storage": { "representation": "storage", "value": page.body } });
    }
    for property in
        page.properties.iter().filter(|(_, key, ..)| expanded(&format!("metadata.properties.{key}")))
    {
        shown["metadata"]["properties"][property.1.as_str()] = cloud::property(property);
    }
    shown
}

fn titled(state: &State, request: &Received) -> Reply {
    let is_asked = |page: &&Page| {
        request.asked("title").is_none_or(|title| title == page.title)
            && request.asked("spaceKey").is_none_or(|key| key == SPACE)
            && (page.status == "current"
                || (request.asked("status") == Some("any") && page.status == "trashed"))
    };
    Reply::list(state.pages.iter().filter(is_asked).map(|page| shown(page, request)).collect())
}

/// The one search that crosspost makes, in parts.
fn search(state: &State, request: &Received) -> Result<Reply, Reply> {
    let cql = format!("type = page and space = \"{SPACE}\" and contributor = currentUser()");
    if request.asked("cql") != Some(cql.as_str()) {
        return Err(Reply::refused(400, &format!("Could not parse cql: {:?}", request.asked("cql"))));
    }
    let (name, at) = match request.asked("cursor") {
        _ if state.edition == Edition::DataCenter => ("start", request.asked("start")),
        cursor => ("cursor", cursor),
    };
    let from = at.and_then(|at| at.parse().ok()).unwrap_or(0_usize);
    let hits: Vec<&Page> =
        state.pages.iter().filter(|page| page.ours && page.indexed && page.status == "current").collect();
    let rows: Vec<Value> = hits.iter().skip(from).take(SHOWN).map(|page| shown(page, request)).collect();
    let mut links = json!({ "base": "https://elsewhere.example/wiki" });
    if hits.len() > from + SHOWN {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(request.query.iter().filter(|(known, _)| known != name));
        query.append_pair(name, &(from + SHOWN).to_string());
        links["next"] = json!(format!("/rest/api/content/search?{}", query.finish()));
    }
    Ok(Reply::ok(json!({ "results": rows, "_links": links })))
}

fn create(state: &mut State, request: &Received) -> Result<Reply, Reply> {
    let body = &request.json;
    let text = |at: &str| body.pointer(at).and_then(Value::as_str).unwrap_or_default();
    if text("/space/key") != SPACE || text("/type") != "page" {
        return Err(Reply::refused(404, "No space"));
    }
    let parent = body.pointer("/ancestors/0/id").and_then(Value::as_str).map(str::to_owned);
    let at = state.create(text("/title"), text("/body/storage/value"), parent)?;
    Ok(Reply::ok(written(&state.pages[at])))
}

fn update(state: &mut State, request: &Received, id: &str) -> Result<Reply, Reply> {
    let at = state.find(id)?;
    let body = &request.json;
    let text = |at: &str| body.pointer(at).and_then(Value::as_str).unwrap_or_default();
    if text("/type") != "page" {
        return Err(Reply::refused(400, "type is required"));
    }
    state.update(at, text("/title"), text("/body/storage/value"), &body["version"])?;
    Ok(Reply::ok(written(&state.pages[at])))
}

/// What a write answers: the page with its version.
fn written(page: &Page) -> Value {
    json!({ "id": page.id, "type": "page", "status": page.status, "title": page.title,
            "version": { "number": page.version } })
}

fn set_property(state: &mut State, request: &Received, id: &str, key: Option<&str>) -> Result<Reply, Reply> {
    let at = state.find(id)?;
    let new = state.next_id();
    let (value, wanted) = (request.json["value"].clone(), request.json["version"]["number"].as_u64());
    let name = key.or(request.json["key"].as_str()).unwrap_or_default().to_owned();
    let known = &mut state.pages[at].properties;
    match known.iter_mut().find(|(_, there, ..)| *there == name) {
        Some(_) if key.is_none() => Err(Reply::refused(409, "Property already exists")),
        Some(there) if wanted == Some(there.3 + 1) => {
            (there.2, there.3) = (value, there.3 + 1);
            Ok(Reply::ok(cloud::property(there)))
        }
        Some(_) => Err(Reply::refused(409, "Version conflict")),
        None => {
            known.push((new, name, value, 1));
            Ok(Reply::ok(cloud::property(&known[known.len() - 1])))
        }
    }
}

fn add_labels(state: &mut State, request: &Received, id: &str) -> Result<Reply, Reply> {
    let at = state.find(id)?;
    for label in request.json.as_array().into_iter().flatten() {
        let name = label["name"].as_str().unwrap_or_default();
        if label["prefix"] != "global" || name.is_empty() || name.contains([' ', ':', ',', '&']) {
            return Err(Reply::refused(400, &format!("The label '{name}' has invalid characters")));
        }
        state.pages[at].labels.insert(name.to_lowercase());
    }
    Ok(cloud::labels(&state.pages[at]))
}

fn attach(state: &mut State, request: &Received, id: &str) -> Result<Reply, Reply> {
    state.find(id)?;
    if request.xsrf.as_deref() != Some("nocheck") {
        return Err(Reply::refused(403, "XSRF check failed"));
    }
    let Some((name, is_minor)) = request.file.clone() else {
        return Err(Reply::refused(400, "At least one attachment file is required"));
    };
    if !is_minor {
        return Err(Reply::refused(400, "the stand-in wants nobody to be told of pictures"));
    }
    if state.attachments.iter().any(|file| file.page == id && file.name == name) {
        let said =
            format!("Cannot add a new attachment with same file name as an existing attachment: {name}");
        return Err(Reply::refused(400, &said));
    }
    state.attachments.push(Attachment { page: id.to_owned(), name: name.clone() });
    Ok(Reply::list(vec![cloud::attachment(id, &name)]))
}
