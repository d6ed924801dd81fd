//! Words by what they tell about a statement. All in lower case.

use crate::word_list::WordList;

/// Words that reviews are full of, whatever they are about.
pub(super) static USUAL: WordList = WordList::new(
    "plan revised revision rev step phase checked check confirmed current currently existing change changed code \
    file repo repository proposed criterion criteria requirement spec path line test implementation work update \
    updated new actual actually explicitly says say claim name named list listed fully concern issue note user \
    approved broader live real also specific search searched verified compared compare inspected reviewed review \
    found cover covered include including call caller function hook field value state make need required require \
    keep leave left add",
);

/// Words that say nothing by themselves.
pub(super) static EMPTY: WordList = WordList::new(
    "the and for but are was were been being its this that these those there their they you with without from \
    into than then such not nor any all each every both which who whom whose what when where why how while does \
    did done has have had having can could may might must shall should will would about after before over under \
    again further only own same too very just via per using use used uses still now already yet",
);

/// Words that turn a statement around.
pub(super) static NEGATIONS: WordList =
    WordList::new("not no never none without missing lack lacks fail fails cannot absent nothing");

/// First words of a statement that something is as it should be.
pub(super) static CONFIRMING: WordList = WordList::new(
    "confirmed pass passed passes verified resolved fixed approved satisfied addressed met correct",
);

/// Words of a statement that something is not.
pub(super) static COMPLAINING: WordList = WordList::new(
    "still missing omit omits lack lacks underspecified under-specified fails cannot unless plan proposed remains \
    remain undercounts broader risk risks unresolved incomplete doesn't don't",
);

/// Endings of files that are told from members of objects even without a directory.
pub(super) static EXTENSIONS: WordList = WordList::new(
    "ts tsx mjs cjs js jsx py sql md toml json jsonl css yml yaml sh rs go txt html lock java kt rb c h cpp hpp \
    cs swift php ini cfg xml vue svelte scss",
);
