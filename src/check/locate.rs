//! Where on its line something stands. The parser tells the line of a link or a picture; the column
//! is found by looking for what the author typed.

use std::collections::HashMap;

/// A place in a file, and how much of the line it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// Column in characters, from 1; 0 for the line as a whole.
    pub column: u32,
    /// How many characters it takes, at least 1.
    pub width: u32,
}

impl Spot {
    /// Some bytes of a line.
    #[must_use]
    pub fn of(line: u32, text: &str, range: std::ops::Range<usize>) -> Self {
        let count = |text: Option<&str>| clamp(text.map_or(0, |text| text.chars().count()));
        let column = count(text.get(..range.start)).saturating_add(1);
        Self { line, column, width: count(text.get(range)).max(1) }
    }

    /// The column after the last.
    #[must_use]
    pub fn end_column(self) -> u32 {
        self.column.saturating_add(self.width.max(1))
    }
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Finds things in a file, each time one further: two links with the same address on one line are
/// found one after the other when they are asked for in the order in which they stand.
pub struct Finder<'a> {
    lines: Vec<&'a str>,
    /// Where the search for a text that begins on a line goes on.
    from: HashMap<(u32, String), (usize, usize)>,
}

impl<'a> Finder<'a> {
    /// For a file's text.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        Self { lines: text.split('\n').collect(), from: HashMap::new() }
    }

    /// A line of the file, from 1.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&'a str> {
        self.lines.get((number as usize).checked_sub(1)?).copied()
    }

    /// The whole of a line, but for the white space around it.
    #[must_use]
    pub fn whole(&self, number: u32) -> Spot {
        let Some(line) = self.line(number) else { return Spot { line: number, column: 0, width: 1 } };
        let start = line.len() - line.trim_start().len();
        Spot::of(number, line, start..line.trim_end().len().max(start))
    }

    /// How many characters the word at a place has.
    #[must_use]
    pub fn word(&self, spot: Spot) -> u32 {
        let line = self.line(spot.line).unwrap_or_default();
        let from = line.chars().skip((spot.column as usize).saturating_sub(1));
        clamp(from.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).count())
    }

    /// The next place of one of some texts (the first that is there counts), each with what stands
    /// before it: on the line or, within the same paragraph, below it. The line as a whole where
    /// none is there as it was typed.
    pub fn find(&mut self, line: u32, wanted: &[(&str, &str)]) -> Spot {
        self.first(line, wanted, |_| true)
    }

    fn first(&mut self, line: u32, wanted: &[(&str, &str)], ends: fn(char) -> bool) -> Spot {
        let wanted = wanted.iter().filter(|(_, text)| !text.is_empty() && !text.contains('\n'));
        let found = wanted.into_iter().find_map(|(before, text)| self.next(line, before, text, ends));
        found.unwrap_or_else(|| self.whole(line))
    }

    /// The next place of a text that ends there.
    fn next(&mut self, line: u32, before: &str, text: &str, ends: fn(char) -> bool) -> Option<Spot> {
        let first = (line as usize).checked_sub(1)?;
        let key = (line, format!("{before}{text}"));
        let (start, mut offset) = self.from.get(&key).copied().unwrap_or((first, 0));
        for (index, here) in self.lines.iter().enumerate().skip(start) {
            if index > first && here.trim().is_empty() {
                return None;
            }
            let rest = here.get(offset..).unwrap_or_default();
            let ended = |at: &usize| rest[at + key.1.len()..].chars().next().is_none_or(ends);
            let found = rest.match_indices(&key.1).map(|(at, _)| at).find(ended);
            if let Some(at) = found.map(|at| at + offset) {
                let (at, end) = (at + before.len(), at + key.1.len());
                self.from.insert(key, (index, end));
                return Some(Spot::of(clamp(index + 1), here, at..end));
            }
            offset = 0;
        }
        None
    }

    /// The next place where an address stands, of a link or a picture.
    pub fn address(&mut self, line: u32, address: &str) -> Spot {
        let signs = ["](", "](<", "[[", "href=\"", "src=\"", "href='", "src='", "<", "]: "];
        let mut wanted: Vec<(&str, &str)> = signs.iter().map(|sign| (*sign, address)).collect();
        // A short one may be a word of the text as well.
        if address.len() > 4 {
            wanted.push(("", address));
        }
        // `b.md` does not stand in `b.md#heading`, nor `a/` in `a/b`.
        let ends = |c: char| !(c.is_alphanumeric() || "/#?&=%~_-".contains(c));
        self.first(line, &wanted, ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(spot: Spot) -> (u32, u32, u32) {
        (spot.line, spot.column, spot.width)
    }

    #[test]
    fn what_stands_twice_is_found_one_after_the_other_also_on_the_next_line() {
        let text = "é [a](x) [b](x)\nand [c](x)\n\n[d](x)";
        let mut finder = Finder::of(text);
        assert_eq!(at(finder.find(1, &[("](", "x")])), (1, 7, 1));
        assert_eq!(at(finder.find(1, &[("](", "x")])), (1, 14, 1));
        assert_eq!(at(finder.find(1, &[("](", "x")])), (2, 9, 1));
        assert_eq!(at(finder.find(1, &[("](", "x")])), (1, 1, 15), "the paragraph is over: the whole line");
    }

    #[test]
    fn no_line_and_no_text_make_it_panic() {
        let text = "a";
        let mut finder = Finder::of(text);
        for line in [0, 1, 2, u32::MAX] {
            finder.find(line, &[("", ""), ("(", "zz")]);
            finder.address(line, "zz");
            assert_eq!(finder.whole(line).line, line);
        }
    }
}
