//! The site: its pages and its document library.

use serde_json::{Value, json};

use super::{
    answers::Reply,
    state::{Page, Received, State},
};

/// The site's id, with the commas of real ones.
const SITE: &str = "127.0.0.1,0264cabe-6b92-450a-b162-b0c3d54fe5e8,f3989670-cd37-4514-8ccb-0f7c2cbe5314";
const SITE_PAGE: &str = "microsoft.graph.sitePage";

/// The answer to a request of somebody who is known.
pub fn answer(state: &mut State, request: &Received, path: &[&str]) -> Reply {
    if !state.visible {
        return Reply::not_found();
    }
    match (request.method.as_str(), path) {
        ("GET", ["sites", "127.0.0.1:", "sites", "intranet"] | ["sites", SITE]) => Reply::json(
            200,
            json!({ "id": SITE, "displayName": "Intranet", "webUrl": format!("{}/sites/intranet", state.address) }),
        ),
        ("GET", ["sites", SITE, "pages"]) => list(state, request),
        ("POST", ["sites", SITE, "pages"]) => create(state, &request.json()),
        (method, ["sites", SITE, "pages", id, SITE_PAGE, action @ ..]) => {
            let Some(at) = state.pages.iter().position(|page| page.id == *id) else {
                return Reply::not_found();
            };
            one(state, request, method, at, action)
        }
        ("GET", ["sites", SITE, "drive"]) => Reply::json(200, json!({ "id": "b!1", "name": "Documents" })),
        ("GET", ["sites", SITE, "drives"]) => Reply::json(
            200,
            json!({ "value": [{ "id": "b!1", "name": "Documents" }, { "id": "b!2", "name": "Site Assets" }] }),
        ),
        (_, ["sites", SITE, "drive", "root:", rest @ ..]) => file(state, request, "Shared Documents", rest),
        (_, ["drives", "b!2", "root:", rest @ ..]) => file(state, request, "SiteAssets", rest),
        ("GET", ["drives", "b!2"]) => Reply::json(200, json!({ "id": "b!2", "name": "Site Assets" })),
        _ => Reply::not_found(),
    }
}

fn list(state: &State, request: &Received) -> Reply {
    let filter = request.query("$filter");
    if filter.is_some() && !state.filters {
        return Reply::error(400, "invalidRequest");
    }
    let wanted = filter.as_deref().and_then(|filter| {
        let (property, value) = filter.split_once(" eq '")?;
        Some((property.to_owned(), value.strip_suffix('\'')?.replace("''", "'")))
    });
    if filter.is_some() && wanted.is_none() {
        return Reply::error(400, "invalidRequest");
    }
    let is_wanted = |page: &&Page| match &wanted {
        Some((property, value)) if property == "name" => page.name == *value,
        Some((_, value)) => page.title == *value,
        None => true,
    };
    let number = |name: &str| request.query(name).and_then(|text| text.parse::<usize>().ok());
    let skip = number("$skiptoken").unwrap_or(0);
    let part = number("$top").unwrap_or(state.part).min(state.part);
    let all: Vec<Value> =
        state.pages.iter().filter(is_wanted).map(|page| shown(state, page, false)).collect();
    let mut body = json!({ "value": all.iter().skip(skip).take(part).collect::<Vec<_>>() });
    if all.len() > skip + part {
        let path = request.path.split("&$skiptoken").next().unwrap_or_default();
        let mark = if path.contains('?') { '&' } else { '?' };
        body["@odata.nextLink"] = json!(format!("{}{path}{mark}$skiptoken={}", state.address, skip + part));
    }
    Reply::json(200, body)
}

fn create(state: &mut State, body: &Value) -> Reply {
    let name = body["name"].as_str().unwrap_or_default();
    if body["@odata.type"] != "#microsoft.graph.sitePage" || !name.ends_with(".aspx") {
        return Reply::error(400, "invalidRequest");
    }
    if state.pages.iter().any(|page| page.name == name) {
        return Reply::error(409, "nameAlreadyExists");
    }
    let mut page = Page {
        id: uuid::Uuid::new_v4().to_string(),
        name: name.to_owned(),
        promotion: body["promotionKind"].as_str().unwrap_or("page").to_owned(),
        level: "draft",
        minor: 1,
        ..Page::default()
    };
    page.take(body, state.keeps_ids);
    let reply = Reply::json(201, shown(state, &page, false));
    state.pages.push(page);
    reply
}

fn one(state: &mut State, request: &Received, method: &str, at: usize, action: &[&str]) -> Reply {
    let (locks, keeps_ids) = (state.locks, state.keeps_ids);
    let page = &mut state.pages[at];
    let writes = method != "GET";
    if writes && page.holder.is_some() {
        return Reply::error(423, "resourceLocked");
    }
    match (method, action) {
        ("GET", []) => {
            let canvas = request.query("$expand").is_some_and(|names| names == "canvasLayout");
            Reply::json(200, shown(state, &state.pages[at], canvas))
        }
        ("PATCH", []) => {
            let stale = request.headers.get("if-match").is_some_and(|tag| *tag != page.tag());
            if stale && locks {
                return Reply::error(412, "resourceModified");
            }
            let body = request.json();
            if body["@odata.type"] != "#microsoft.graph.sitePage" {
                return Reply::error(400, "invalidRequest");
            }
            page.take(&body, keeps_ids);
            page.level = "draft";
            page.minor += 1;
            Reply::json(200, shown(state, &state.pages[at], false))
        }
        ("POST", ["publish"]) if !request.headers.contains_key("content-length") => {
            Reply::json(411, Value::Null)
        }
        ("POST", ["publish"]) => {
            page.publish();
            Reply::empty()
        }
        ("DELETE", []) => {
            state.pages.remove(at);
            Reply::empty()
        }
        _ => Reply::error(400, "invalidRequest"),
    }
}

fn file(state: &mut State, request: &Received, library: &str, path: &[&str]) -> Reply {
    let path = path.join("/");
    let content = path.strip_suffix(":/content");
    let name = content.unwrap_or(&path).to_owned();
    let place = format!("{library}/{name}");
    match (request.method.as_str(), content) {
        ("PUT", Some(_)) => {
            state.files.insert(place.clone(), request.body.len());
        }
        ("GET", None) if state.files.contains_key(&place) => {}
        _ => return Reply::not_found(),
    }
    let url = format!("{}/sites/intranet/{}", state.address, place.replace(' ', "%20"));
    Reply::json(200, json!({ "id": format!("01{}", name.len()), "name": name, "webUrl": url }))
}

/// A page as Graph shows it.
fn shown(state: &State, page: &Page, canvas: bool) -> Value {
    let mut publishing =
        json!({ "level": page.level, "versionId": format!("{}.{}", page.major, page.minor) });
    if let Some(holder) = &page.holder {
        publishing["level"] = json!("checkout");
        publishing["checkedOutBy"] =
            json!({ "user": { "displayName": holder, "email": "dora@contoso.example" } });
    }
    let mut shown = json!({
        "@odata.type": "#microsoft.graph.sitePage",
        "id": page.id,
        "name": page.name,
        "title": page.title,
        "description": page.description,
        "webUrl": format!("{}/sites/intranet/SitePages/{}", state.address, page.name),
        "eTag": page.tag(),
        "pageLayout": "article",
        "promotionKind": page.promotion,
        "thumbnailWebUrl": page.thumbnail,
        "publishingState": publishing,
    });
    if canvas {
        shown["canvasLayout"] = page.canvas.clone();
    }
    shown
}

impl Page {
    fn tag(&self) -> String {
        format!("\"{{{}}},{}\"", self.id.to_uppercase(), self.changes)
    }

    /// Takes what a request sets, as SharePoint keeps it.
    fn take(&mut self, body: &Value, keeps_ids: bool) {
        self.changes += 1;
        if let Some(title) = body["title"].as_str() {
            title.clone_into(&mut self.title);
        }
        if body.get("canvasLayout").is_some() {
            self.canvas = body["canvasLayout"].clone();
            rewrite(&mut self.canvas, keeps_ids);
        }
        match body["description"].as_str() {
            Some(text) => text.clone_into(&mut self.description),
            // What nobody says, it takes from the text.
            None => self.description = self.text().chars().take(50).collect(),
        }
        if let Some(url) = body["thumbnailWebUrl"].as_str() {
            self.thumbnail = Some(url.to_owned());
        }
    }

    pub fn publish(&mut self) {
        self.level = "published";
        self.major += 1;
        self.minor = 0;
        self.changes += 1;
    }

    /// What an editor does on the site.
    pub fn edit(&mut self, from: &str, to: &str) {
        let text = self.canvas.to_string().replace(from, to);
        self.canvas = serde_json::from_str(&text).expect("words in place of words");
        self.title = self.title.replace(from, to);
        self.publish();
    }

    /// What a reader sees, as HTML.
    pub fn text(&self) -> String {
        let mut all = String::new();
        for part in
            self.canvas["horizontalSections"][0]["columns"][0]["webparts"].as_array().into_iter().flatten()
        {
            if let Some(html) = part["innerHtml"].as_str() {
                all.push_str(html);
            } else if let Some(src) =
                part["data"]["serverProcessedContent"]["imageSources"][0]["value"].as_str()
            {
                all.extend(["<img src=\"", src, "\">"]);
            }
        }
        all
    }
}

/// Text web parts are stored otherwise than sent.
fn rewrite(canvas: &mut Value, keeps_ids: bool) {
    let parts = canvas.pointer_mut("/horizontalSections/0/columns/0/webparts").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        if let Some(html) = part["innerHtml"].as_str() {
            let html = html.replace("<table>", "<div class=\"canvasRteResponsiveTable\"><table>");
            let html = html.replace("</table>", "</table></div>").replace("&quot;", "\"");
            part["innerHtml"] = json!(html.replace("<p>", "<p class=\"noSpacingAbove\">"));
        }
        if !keeps_ids {
            part["id"] = json!(uuid::Uuid::new_v4().to_string());
        }
    }
}
