//! Cloud's REST v2.

use serde_json::{Value, json};

use super::{
    reply::Reply,
    state::{HOME_ID, Page, Received, SPACE, SPACE_ID, State},
};

pub fn answer(state: &mut State, request: &Received) -> Reply {
    let parts = request.parts();
    let result = match (request.method.as_str(), parts.get(2..).unwrap_or_default()) {
        ("GET", ["spaces"]) => Ok(spaces(request)),
        ("GET", ["spaces", SPACE_ID, "operations"]) => Ok(operations(state)),
        ("GET", ["pages"]) => Ok(pages(state, request)),
        ("POST", ["pages"]) => create(state, request),
        ("PUT", ["pages", id]) => update(state, request, id),
        ("DELETE", ["pages", id]) => state.find(id).map(|at| {
            state.pages[at].status = "trashed";
            Reply::nothing()
        }),
        ("GET", ["pages", id, "children"]) => Ok(Reply::list(children(state, id))),
        ("GET", ["pages", id, "labels"]) => state.find(id).map(|at| labels(&state.pages[at])),
        ("GET", ["pages", id, "properties"]) => properties(state, request, id),
        ("POST", ["pages", id, "properties"]) => set_property(state, request, id, None),
        ("PUT", ["pages", id, "properties", property]) => set_property(state, request, id, Some(property)),
        ("GET", ["pages", id, "attachments"]) => Ok(Reply::list(attachments(state, request, id))),
        _ => Err(Reply::refused(404, "No such endpoint")),
    };
    result.unwrap_or_else(|refused| refused)
}

fn spaces(request: &Received) -> Reply {
    let space = json!({ "id": SPACE_ID, "key": SPACE, "name": "Digital", "homepageId": HOME_ID });
    Reply::list(if request.all("keys").contains(&SPACE) { vec![space] } else { Vec::new() })
}

fn operations(state: &State) -> Reply {
    let mut all = vec![json!({ "operation": "read", "targetType": "space" })];
    if !state.read_only {
        for (operation, kind) in [("create", "page"), ("create", "attachment"), ("delete", "page")] {
            all.push(json!({ "operation": operation, "targetType": kind }));
        }
    }
    Reply::ok(json!({ "operations": all }))
}

fn shown(page: &Page, with_body: bool) -> Value {
    let mut shown = json!({
        "id": page.id, "status": page.status, "title": page.title, "spaceId": SPACE_ID,
        "parentId": page.parent, "version": { "number": page.version, "minorEdit": page.minor },
        "body": {}, "_links": { "webui": State::webui(page) },
    });
    if with_body {
        shown["body"] = json!({ "storage": { "representation": "storage", "value": page.body } });
    }
    shown
}

fn pages(state: &State, request: &Received) -> Reply {
    let (ids, states) = (request.all("id"), request.all("status"));
    let states = if states.is_empty() { vec!["current", "archived"] } else { states };
    let is_asked = |page: &&Page| {
        (ids.is_empty() || ids.contains(&page.id.as_str()))
            && request.asked("title").is_none_or(|title| title == page.title)
            && request.asked("space-id").is_none_or(|space| space == SPACE_ID)
            && states.contains(&page.status)
    };
    let with_body = request.asked("body-format") == Some("storage");
    Reply::list(state.pages.iter().filter(is_asked).map(|page| shown(page, with_body)).collect())
}

fn create(state: &mut State, request: &Received) -> Result<Reply, Reply> {
    let body = &request.json;
    let text = |at: &str| body.pointer(at).and_then(Value::as_str);
    if text("/spaceId") != Some(SPACE_ID) {
        return Err(Reply::refused(404, "Not Found"));
    }
    let parent = text("/parentId").map(str::to_owned);
    let (title, storage) = (text("/title").unwrap_or_default(), text("/body/value").unwrap_or_default());
    let at = state.create(title, storage, parent)?;
    Ok(Reply::ok(shown(&state.pages[at], true)))
}

fn update(state: &mut State, request: &Received, id: &str) -> Result<Reply, Reply> {
    let at = state.find(id)?;
    let body = &request.json;
    let text = |at: &str| body.pointer(at).and_then(Value::as_str).unwrap_or_default();
    state.update(at, text("/title"), text("/body/value"), &body["version"])?;
    Ok(Reply::ok(shown(&state.pages[at], true)))
}

fn children(state: &State, id: &str) -> Vec<Value> {
    let below =
        state.pages.iter().filter(|page| page.parent.as_deref() == Some(id) && page.status == "current");
    below.map(|page| json!({ "id": page.id, "title": page.title, "status": page.status })).collect()
}

pub fn labels(page: &Page) -> Reply {
    Reply::list(
        page.labels.iter().map(|name| json!({ "id": "1", "name": name, "prefix": "global" })).collect(),
    )
}

fn properties(state: &State, request: &Received, id: &str) -> Result<Reply, Reply> {
    let page = &state.pages[state.find(id)?];
    let rows =
        page.properties.iter().filter(|(_, key, ..)| request.asked("key").is_none_or(|asked| asked == key));
    Ok(Reply::list(rows.map(property).collect()))
}

pub fn property((id, key, value, version): &(String, String, Value, u64)) -> Value {
    json!({ "id": id, "key": key, "value": value, "version": { "number": version } })
}

fn set_property(
    state: &mut State,
    request: &Received,
    id: &str,
    property_id: Option<&str>,
) -> Result<Reply, Reply> {
    let at = state.find(id)?;
    let new = state.next_id();
    let key = request.json["key"].as_str().unwrap_or_default().to_owned();
    let known = &mut state.pages[at].properties;
    match (property_id, known.iter_mut().find(|(_, there, ..)| *there == key)) {
        (None, Some(_)) => Err(Reply::refused(400, "Cannot create property; it already exists")),
        (None, None) => {
            known.push((new, key, request.json["value"].clone(), 1));
            Ok(Reply::ok(property(&known[known.len() - 1])))
        }
        (Some(wanted), Some(there)) if there.0 == wanted => {
            if request.json["version"]["number"].as_u64() != Some(there.3 + 1) {
                return Err(Reply::refused(409, "Version conflict"));
            }
            there.2 = request.json["value"].clone();
            there.3 += 1;
            Ok(Reply::ok(property(there)))
        }
        (Some(_), _) => Err(Reply::refused(404, "Not Found")),
    }
}

pub fn attachments(state: &State, request: &Received, id: &str) -> Vec<Value> {
    let is_asked = |name: &str| request.asked("filename").is_none_or(|asked| asked == name);
    let there = state.attachments.iter().filter(|file| file.page == id && is_asked(&file.name));
    there.map(|file| attachment(id, &file.name)).collect()
}

pub fn attachment(page: &str, name: &str) -> Value {
    let link = format!("/download/attachments/{page}/{name}?version=1");
    json!({ "id": "att1", "title": name, "downloadLink": link, "_links": { "download": link } })
}
