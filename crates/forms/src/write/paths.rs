//! Where each element stands, and what a reference to it becomes: a path from the root, or one from the element that
//! refers to it where both stand in the same repeat, so that it means the instance of the repeat they are in.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::limits::Budget;
use crate::model::{Form, Part};
use crate::references::{Reference, replaced};

/// The instance of the last submission that was saved.
pub(super) const LAST_SAVED: &str = "__last-saved";
/// The arguments of `indexed-repeat()` that name nodes of a repeat as such, not of an instance of it.
const BY_THE_ROOT: [usize; 4] = [0, 1, 3, 5];

/// How a reference is written.
#[derive(Clone, Copy, Default)]
pub(super) struct How {
    /// From `current()`: inside the predicate of another instance.
    pub from_current: bool,
    /// By the repeat around the nodes, so that a predicate can choose among its instances.
    pub by_repeat: bool,
}

/// Where the elements of a form stand.
pub(super) struct Paths<'f> {
    form: &'f Form,
    whole: Vec<String>,
    children: Vec<Vec<usize>>,
    by_name: HashMap<&'f str, usize>,
    itext_lists: HashSet<&'f str>,
    /// What may still be written.
    pub budget: Budget,
}

impl<'f> Paths<'f> {
    /// Of a form.
    pub fn of(form: &'f Form) -> Self {
        let mut whole: Vec<String> = Vec::with_capacity(form.elements.len());
        let mut children = vec![Vec::new(); form.elements.len()];
        let mut by_name = HashMap::new();
        for (index, element) in form.elements.iter().enumerate() {
            let above = if index == 0 {
                ""
            } else {
                whole.get(element.parent).map_or("", String::as_str)
            };
            whole.push(format!("{above}/{}", element.name));
            if index > 0 {
                if let Some(siblings) = children.get_mut(element.parent) {
                    siblings.push(index);
                }
                if !matches!(element.part, Part::External(_)) {
                    by_name.insert(element.name.as_str(), index);
                }
            }
        }
        let itext_lists = form.lists.iter().filter(|list| list.needs_itext());
        let itext_lists = itext_lists.map(|list| list.name.as_str()).collect();
        Self {
            form,
            whole,
            children,
            by_name,
            itext_lists,
            budget: Budget::of_a_form(),
        }
    }

    /// The path of an element from the root.
    pub fn path(&self, index: usize) -> &str {
        let path = self.whole.get(index).map_or("", String::as_str);
        if self.budget.spend(path.len()) { path } else { "" }
    }

    /// The children of an element.
    pub fn children(&self, index: usize) -> &[usize] {
        self.children.get(index).map_or(&[], Vec::as_slice)
    }

    /// Whether the labels of a list stand in the catalogue of texts.
    pub fn needs_itext(&self, list: &str) -> bool {
        self.itext_lists.contains(list)
    }

    /// A text with a path for each reference; `context` is the element it belongs to.
    pub fn insert(&self, text: &str, context: Option<usize>, how: How) -> String {
        if !text.contains("${") {
            return text.to_owned();
        }
        replaced(text, |reference| self.written(text, reference, context, how))
    }

    /// What one reference of a text becomes.
    pub fn written(&self, text: &str, reference: &Reference<'_>, context: Option<usize>, how: How) -> String {
        let Some(&target) = self.by_name.get(reference.name) else {
            return String::new();
        };
        if reference.last_saved {
            return format!(" instance('{LAST_SAVED}'){} ", self.path(target));
        }
        if let Some(context) = context.filter(|_| may_be_relative(text, reference)) {
            let from_current = how.from_current || is_in_predicate_of_instance(text, &reference.span);
            if let Some(relative) = self.relative(context, target, How { from_current, ..how }) {
                return relative;
            }
        }
        format!(" {} ", self.path(target))
    }

    fn relative(&self, context: usize, target: usize, how: How) -> Option<String> {
        let repeat = self.common(context, target, Self::is_repeat)?;
        let (steps, path) = if how.by_repeat && self.leaves_by_its_repeat(context, target, repeat) {
            let around = self.parent(repeat)?;
            (self.steps(context, repeat) + 1, self.below(around, target))
        } else {
            let common = self.common(context, target, Self::is_section)?;
            (self.steps(context, common), self.below(common, target))
        };
        self.budget.spend(steps * 3 + path.len()).then_some(())?;
        let from = if how.from_current { "current()/" } else { "" };
        Some(format!(" {from}{}{path} ", vec![".."; steps].join("/")))
    }

    /// A path by the repeat is only made where the target is not in another repeat inside it, and the repeat is the
    /// outermost one or the context is in another repeat inside it.
    fn leaves_by_its_repeat(&self, context: usize, target: usize, repeat: usize) -> bool {
        let nearest = |of: usize| self.ancestors(of).find(|index| self.is_repeat(*index));
        let is_outermost = nearest(repeat).is_none();
        nearest(target) == Some(repeat) && (is_outermost || nearest(context) != Some(repeat))
    }

    /// The nearest element of a kind around both.
    fn common(&self, one: usize, other: usize, is_kind: fn(&Self, usize) -> bool) -> Option<usize> {
        self.ancestors(one)
            .filter(|index| is_kind(self, *index))
            .find(|index| self.ancestors(other).any(|around| around == *index))
    }

    /// The path from an element around it down to an element.
    fn below(&self, around: usize, index: usize) -> &str {
        let path = self.whole.get(index).map_or("", String::as_str);
        let above = self.whole.get(around).map_or(0, String::len);
        path.get(above..).unwrap_or_default()
    }

    fn steps(&self, from: usize, to: usize) -> usize {
        self.ancestors(from).take_while(|index| *index != to).count() + 1
    }

    fn ancestors(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.parent(of), |index| self.parent(*index))
    }

    fn parent(&self, of: usize) -> Option<usize> {
        self.form
            .elements
            .get(of)
            .filter(|_| of > 0)
            .map(|element| element.parent)
    }

    fn is_repeat(&self, index: usize) -> bool {
        self.form
            .elements
            .get(index)
            .is_some_and(|element| matches!(element.part, Part::Repeat))
    }

    fn is_section(&self, index: usize) -> bool {
        let part = self.form.elements.get(index).map(|element| &element.part);
        matches!(part, Some(Part::Repeat | Part::Group | Part::Meta))
    }
}

/// Whether a reference stands in brackets of a text that has an `instance(…)`.
fn is_in_predicate_of_instance(text: &str, span: &Range<usize>) -> bool {
    if !text.contains("instance(") {
        return false;
    }
    let mut from = 0;
    while let Some(start) = text
        .get(from..)
        .and_then(|rest| rest.find('['))
        .map(|at| from + at)
    {
        let Some(end) = text
            .get(start..)
            .and_then(|rest| rest.find(']'))
            .map(|at| start + at + 1)
        else {
            return false;
        };
        if start <= span.start && span.end <= end {
            return true;
        }
        from = end;
    }
    false
}

/// Inside `indexed-repeat(node, repeat, index, …)` only the indexes may be relative paths.
fn may_be_relative(text: &str, reference: &Reference<'_>) -> bool {
    const CALL: &str = "indexed-repeat(";
    let calls: Vec<Range<usize>> = text
        .match_indices(CALL)
        .filter_map(|(start, _)| Some(start..start + text.get(start..)?.find(')')? + 1))
        .collect();
    // What stands behind the first of two calls is looked at no more: so pyxform has it.
    let mut calls = calls.iter().peekable();
    if !text.contains(CALL) {
        return true;
    }
    while let Some(call) = calls.next() {
        if reference.span.end > call.end {
            if calls.next().is_none() {
                return true;
            }
            continue;
        }
        if reference.span.end < call.start || reference.span.start > call.end {
            return true;
        }
        let arguments = text
            .get(call.start + CALL.len()..call.end - 1)
            .unwrap_or_default();
        let wanted = format!("${{{}}}", reference.name);
        let at = arguments
            .split(',')
            .enumerate()
            .filter(|(_, argument)| argument.contains(&wanted))
            .last();
        return at.is_some_and(|(index, _)| !BY_THE_ROOT.contains(&index));
    }
    false
}
