//! The catalogue of texts: what is said in several languages, or shown with pictures, stands once for each language.

use std::collections::{HashMap, HashSet};

use super::labels::filled;
use super::paths::Paths;
use super::xml::Xml;
use crate::model::{Element, Form, ItemSource, Items};
use crate::references::has_reference;
use crate::text::{Attributes, Text};

/// What stands for a text that a language does not have.
const NOTHING: &str = "-";

/// A text, and the element it belongs to.
#[derive(Clone)]
struct Said {
    text: String,
    context: Option<usize>,
}

/// The forms of one text: `long`, `image`, `guidance` and their kin, in the order they were said.
type Forms = Vec<(String, Said)>;

/// The texts of one language.
#[derive(Default)]
struct Language {
    texts: Vec<(String, Forms)>,
    by_id: HashMap<String, usize>,
}

/// The texts of all languages.
#[derive(Default)]
pub(super) struct Itext(Vec<(String, Language)>);

impl Language {
    fn forms(&mut self, id: &str) -> Option<&mut Forms> {
        let next = self.texts.len();
        let at = *self.by_id.entry(id.to_owned()).or_insert(next);
        if at == next {
            self.texts.push((id.to_owned(), Vec::new()));
        }
        self.texts.get_mut(at).map(|(_, forms)| forms)
    }
}

impl Itext {
    /// The texts of a form.
    pub fn of(form: &Form, paths: &Paths<'_>) -> Self {
        let mut itext = Self::default();
        let language = form.settings.default_language.as_str();
        for list in form.lists.iter().filter(|list| paths.needs_itext(&list.name)) {
            for (number, choice) in list.choices.iter().enumerate() {
                let id = format!("{}-{number}", list.name);
                itext.say(&id, "long", choice.label.as_ref(), language, None);
                itext.show(&id, &choice.media, language);
            }
        }
        for (index, element) in form.elements.iter().enumerate() {
            itext.add_element(index, element, paths, language);
        }
        for (index, element) in form
            .elements
            .iter()
            .enumerate()
            .filter(|(_, element)| !element.media.is_empty())
        {
            let id = format!("{}:label", paths.path(index));
            itext.show(&id, &element.media, language);
        }
        itext.fill_up(paths);
        itext
    }

    fn add_element(&mut self, index: usize, element: &Element, paths: &Paths<'_>, language: &str) {
        let context = Some(index);
        for message in MESSAGES {
            if let Some(text) = element
                .bind
                .get(message)
                .filter(|text| message_needs_itext(message, text))
            {
                self.say(
                    &format!("{}:{message}", paths.path(index)),
                    "long",
                    Some(text),
                    language,
                    context,
                );
            }
        }
        if element.label_needs_itext() {
            self.say(
                &format!("{}:label", paths.path(index)),
                "long",
                element.label.as_ref(),
                language,
                context,
            );
        }
        let is_translated = element.hint.as_ref().is_some_and(Text::is_translated);
        if is_translated || element.guidance.is_some() {
            let id = format!("{}:hint", paths.path(index));
            self.say(&id, "long", element.hint.as_ref(), language, context);
            self.say(&id, "guidance", element.guidance.as_ref(), language, context);
        }
    }

    fn say(&mut self, id: &str, form: &str, text: Option<&Text>, default: &str, context: Option<usize>) {
        for (language, text) in text.iter().flat_map(|text| text.by_language(default)) {
            self.put(
                language,
                id,
                form,
                Said {
                    text: text.to_owned(),
                    context,
                },
            );
        }
    }

    fn show(&mut self, id: &str, media: &Attributes, default: &str) {
        for (kind, file) in media.iter() {
            self.say(id, kind, Some(file), default, None);
        }
    }

    fn put(&mut self, language: &str, id: &str, form: &str, said: Said) {
        let at = self
            .0
            .iter()
            .position(|(other, _)| other == language)
            .unwrap_or_else(|| {
                self.0.push((language.to_owned(), Language::default()));
                self.0.len() - 1
            });
        let Some(forms) = self.0.get_mut(at).and_then(|(_, texts)| texts.forms(id)) else {
            return;
        };
        match forms.iter_mut().find(|(other, _)| other == form) {
            Some((_, old)) => *old = said,
            None => forms.push((form.to_owned(), said)),
        }
    }

    /// Every language has every text in each of its forms, so that none falls back on another.
    fn fill_up(&mut self, paths: &Paths<'_>) {
        let mut ids: Vec<(String, Vec<String>)> = Vec::new();
        let mut by_id: HashMap<&str, usize> = HashMap::new();
        let mut seen: HashSet<(&str, &str)> = HashSet::new();
        for (id, forms) in self.0.iter().flat_map(|(_, language)| &language.texts) {
            let at = *by_id.entry(id).or_insert_with(|| {
                ids.push((id.clone(), Vec::new()));
                ids.len() - 1
            });
            for (form, _) in forms.iter().filter(|(form, _)| seen.insert((id, form))) {
                ids.get_mut(at)
                    .into_iter()
                    .for_each(|(_, forms)| forms.push(form.clone()));
            }
        }
        for (_, language) in &mut self.0 {
            for (id, forms) in &ids {
                if !paths.budget.spend(id.len()) {
                    return;
                }
                let Some(own) = language.forms(id) else { continue };
                for form in forms {
                    if !own.iter().any(|(other, _)| other == form) {
                        own.push((
                            form.clone(),
                            Said {
                                text: NOTHING.to_owned(),
                                context: None,
                            },
                        ));
                    }
                }
            }
        }
    }

    /// As XML; none where nothing stands in it.
    pub fn xml(&self, default: &str, paths: &Paths<'_>) -> Option<Xml> {
        if self.0.is_empty() {
            return None;
        }
        let mut itext = Xml::new("itext");
        for (name, language) in &self.0 {
            let mut translation = Xml::new("translation").with("lang", name);
            if name == default {
                translation.set("default", "true()");
            }
            for (id, forms) in &language.texts {
                let mut text = Xml::new("text").with("id", id);
                for (form, said) in forms {
                    if let Some(value) = value(id, form, said, paths) {
                        text.push(value);
                    }
                }
                translation.push(text);
            }
            itext.push(translation);
        }
        Some(itext)
    }
}

fn value(id: &str, form: &str, said: &Said, paths: &Paths<'_>) -> Option<Xml> {
    let is_hint = id.split_once(':').is_some_and(|(_, what)| what == "hint");
    let folder = match form {
        "guidance" if is_hint => {
            return Some(filled(
                Xml::new("value").with("form", form),
                &said.text,
                said.context,
                paths,
            ));
        }
        "long" => return Some(filled(Xml::new("value"), &said.text, said.context, paths)),
        "image" | "big-image" => "images",
        other => other,
    };
    let file = format!("jr://{folder}/{}", said.text);
    (said.text != NOTHING).then(|| filled(Xml::new("value").with("form", form), &file, said.context, paths))
}

/// Messages of a bind that people read.
pub(super) const MESSAGES: [&str; 3] = ["jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString"];

/// Whether a message of a bind stands in the catalogue.
pub(super) fn message_needs_itext(name: &str, text: &Text) -> bool {
    match text {
        Text::Translated(_) => true,
        Text::Plain(text) => name != "jr:noAppErrorString" && has_reference(text),
    }
}

/// Whether choices stand in the body and not in an instance of their own.
pub(super) fn is_searched(items: &Items) -> Option<&str> {
    match &items.source {
        ItemSource::Searched(list) => Some(list),
        _ => None,
    }
}
