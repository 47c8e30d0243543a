//! The table as it stands in the file: types, and nothing about what they mean.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::targets::http::tree;

/// `[targets.NAME]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    pub url: Option<Spanned<String>>,
    pub auth: Option<Spanned<Auth>>,
    #[serde(default)]
    pub headers: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub post: Post,
    pub check: Option<Spanned<Operation>>,
    pub find: Option<Spanned<Operation>>,
    pub fetch: Option<Spanned<Operation>>,
    pub create: Option<Spanned<Operation>>,
    pub update: Option<Spanned<Operation>>,
    pub publish: Option<Spanned<Operation>>,
    pub delete: Option<Spanned<Operation>>,
    pub upload: Option<Spanned<Operation>>,
}

/// `auth = { … }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub kind: Spanned<String>,
    pub user: Option<Spanned<String>>,
    pub header: Option<Spanned<String>>,
    pub prefix: Option<Spanned<String>>,
    pub token_url: Option<Spanned<String>>,
    pub client_id: Option<Spanned<String>>,
    pub scope: Option<Spanned<String>>,
}

/// `[targets.NAME.post]`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Post {
    pub id: Option<Spanned<String>>,
    pub url: Option<Spanned<String>>,
    pub lock: Option<Spanned<String>>,
    pub mark: Option<Spanned<String>>,
    pub published: Option<Spanned<String>>,
    pub parts: BTreeMap<String, Spanned<String>>,
}

/// `[targets.NAME.OPERATION]`: the keys of all operations; which has which is told later.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    pub method: Option<Spanned<String>>,
    pub path: Option<Spanned<String>>,
    #[serde(default)]
    pub query: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub headers: BTreeMap<String, Spanned<String>>,
    pub body: Option<Spanned<tree::Raw>>,
    pub at: Option<Spanned<String>>,
    pub exists_on: Option<Spanned<Vec<u16>>>,
    pub absent_on: Option<Spanned<Vec<u16>>>,
    pub conflict_on: Option<Spanned<Vec<u16>>>,
    pub error_if: Option<Spanned<String>>,
    pub who: Option<Spanned<String>>,
    pub list: Option<Spanned<String>>,
    pub next: Option<Spanned<String>>,
    pub idempotent: Option<Spanned<bool>>,
    pub file: Option<Spanned<String>>,
    pub id: Option<Spanned<String>>,
    pub url: Option<Spanned<String>>,
}

impl Operation {
    /// The keys that stand in it and that only some operations have, with their places in the file.
    pub fn special_keys(&self) -> Vec<(&'static str, Spanned<()>)> {
        fn there<T>(key: &'static str, value: Option<&Spanned<T>>) -> Option<(&'static str, Spanned<()>)> {
            value.map(|value| (key, Spanned::new(value.span(), ())))
        }
        let all = [
            there("at", self.at.as_ref()),
            there("exists_on", self.exists_on.as_ref()),
            there("absent_on", self.absent_on.as_ref()),
            there("conflict_on", self.conflict_on.as_ref()),
            there("who", self.who.as_ref()),
            there("list", self.list.as_ref()),
            there("next", self.next.as_ref()),
            there("idempotent", self.idempotent.as_ref()),
            there("file", self.file.as_ref()),
            there("id", self.id.as_ref()),
            there("url", self.url.as_ref()),
        ];
        all.into_iter().flatten().collect()
    }
}
