//! The table of tricks.

/// One trick.
#[derive(Debug)]
pub struct Trick {
    /// What it tries.
    pub name: String,
    /// The note's file name.
    pub id: String,
    /// The note.
    pub note: String,
    /// The word that must not leave, lower case.
    pub secret: String,
    /// How it must end.
    pub expectation: Expectation,
}

/// How a trick must end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// Published; the secret for colleagues alone.
    Cut,
    /// The same, with a label in its place.
    Label,
    /// Published without the secret.
    Gone,
    /// For colleagues alone.
    Inside,
    /// Refused with this code.
    Refused(String),
}

impl Trick {
    fn read(text: &str, number: usize) -> Self {
        let (head, note) = text.split_once('\n').expect("a note follows");
        let (expectation, name) = head.split_once(": ").expect("`=== expectation: name`");
        let secret = format!("zqmole{number}x");
        let note = note.replace("SECRET", &secret).replace("HOST", "zqintranet.example.gov.uk");
        let note = characters(&note);
        let has_front_matter =
            ["---", "+++"].iter().any(|fence| note.trim_start_matches('\u{feff}').starts_with(fence));
        let front_matter = format!("---\ntitle: Trick {number}\ndate: 2026-01-01\n---\n");
        let note = if has_front_matter { note } else { format!("{front_matter}{note}") };
        let expectation = match expectation.split_once(' ') {
            Some(("refused", code)) => Expectation::Refused(code.to_owned()),
            None if expectation == "cut" => Expectation::Cut,
            None if expectation == "label" => Expectation::Label,
            None if expectation == "gone" => Expectation::Gone,
            None if expectation == "inside" => Expectation::Inside,
            _ => panic!("{expectation}?"),
        };
        Self { name: name.to_owned(), id: format!("t{number}"), note, secret, expectation }
    }

    /// Whether what a colleague sees has the secret, which is not so in a comment, in what is removed
    /// from every post, or in a definition that nothing uses.
    pub fn is_shown_inside(&self) -> bool {
        !["comment", "script", "not safe", "ruler", "tag", "block with attributes", "used inside alone"]
            .iter()
            .any(|word| self.name.contains(word))
    }
}

/// `⟦20⟧` → the character.
fn characters(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split(['⟦', '⟧']).enumerate() {
        if index % 2 == 0 {
            out.push_str(part);
        } else {
            let code = u32::from_str_radix(part, 16).expect("a hexadecimal number");
            out.push(char::from_u32(code).expect("a character"));
        }
    }
    out
}

/// All tricks, in their order.
pub fn read() -> Vec<Trick> {
    let file = crate::harness::fixture("leaks.txt");
    let text = std::fs::read_to_string(file).expect("the table");
    // Headings of sections belong to no note.
    let text: String = text.split_inclusive('\n').filter(|line| !line.starts_with("# --- ")).collect();
    text.split("\n=== ").skip(1).zip(1..).map(|(text, number)| Trick::read(text, number)).collect()
}
