//! Learns the engine's weights from labelled cases.
mod logistic;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use logistic::{Choice, Row};
use rayon::prelude::*;
use serde_json::Value;
use taskproof::attribute::engine::{self, CommitChoice, Competition, FileChoice, Linear, Model, Study};
use taskproof::attribute::{Input, attribute};
use taskproof::config::Config;
use taskproof::git::WorktreeMode;
use taskproof::load::{self, HistoryOptions};
use taskproof::model::{Decision};

struct Case {
    name: String,
    group: String,
    source: String,
    scenario: BTreeMap<String, String>,
    truth: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>, bool)>,
    commits: HashMap<String, Vec<String>>,
    decided: BTreeSet<String>,
    ladder: HashMap<String, Vec<String>>,
    study: Study,
}

fn strings(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn load_case(dir: &Path) -> Option<Case> {
    let meta: Value = serde_json::from_slice(&std::fs::read(dir.join("case.json")).ok()?).ok()?;
    let config = Config::default();
    let (plan, _) = load::plan(&dir.join("plan"), &config).ok()?;
    let text = |key: &str| meta[key].as_str().map(str::to_owned);
    let past = load::history(&plan, &HistoryOptions { repo: text("repo").map(PathBuf::from), base: text("base"), head: text("head"), worktree: WorktreeMode::Exclude, start: PathBuf::from("/") }).ok()?;
    let input = Input { plan: &plan, history: &past.history, paths: &past.paths, answers: &[], config: &config };
    let study = Study::new(&input);
    let outcome = attribute(&input).ok()?;
    let mut decided = BTreeSet::new();
    let mut ladder = HashMap::new();
    for a in &outcome.attributions {
        let filled: Vec<String> = a.files.iter().filter(|f| f.decision == Decision::Backfill).map(|f| f.path.clone()).collect();
        if !filled.is_empty() { decided.insert(a.task.0.clone()); ladder.insert(a.task.0.clone(), filled); }
    }
    let mut truth = BTreeMap::new();
    let mut scenario = BTreeMap::new();
    for task in meta["tasks"].as_array()? {
        let id = task["id"].as_str()?.to_owned();
        scenario.insert(id.clone(), task["scenario"].as_str()?.to_owned());
        truth.insert(id, (strings(&task["files"]), strings(&task["ignore"]), task["absent"].as_bool().unwrap_or(false)));
    }
    let commits = meta["commits"].as_object().map(|m| m.iter().map(|(k, v)| (k.clone(), strings(v).into_iter().collect())).collect()).unwrap_or_default();
    Some(Case { name: dir.file_name()?.to_string_lossy().into_owned(), group: text("group")?, source: text("source")?, scenario, truth, commits, decided, ladder, study })
}

fn choices<'a>(case: &Case, found: &'a [CommitChoice]) -> Vec<Choice<'a>> {
    found.iter().map(|c| {
        let whose = case.commits.get(&c.commit).cloned().unwrap_or_default();
        let right: Vec<usize> = c.tasks.iter().enumerate().filter(|(_, t)| whose.contains(t)).map(|(i, _)| i).collect();
        // training tasks that are complete by their own claims tells little: the hollow ones are what matters
        let weight = if right.is_empty() { 1.0 } else { 1.0 };
        Choice { options: &c.values, nobody: &c.nobody, right, weight }
    }).collect()
}

fn fit_commits(cases: &[&Case], model: Option<&Model>) -> Competition {
    let found: Vec<(usize, Vec<CommitChoice>)> = cases.par_iter().enumerate().filter(|(_, c)| !c.commits.is_empty()).map(|(i, c)| (i, c.study.commits(model))).collect();
    let all: Vec<Choice<'_>> = found.iter().flat_map(|(i, f)| choices(cases[*i], f)).collect();
    let (task, nobody_bias, nobody) = logistic::conditional(&all, (engine::commit_signals().len(), engine::nobody_signals().len()), 2.0);
    Competition { task, nobody_bias, nobody }
}

fn label(case: &Case, choice: &FileChoice) -> Option<bool> {
    let (files, ignore, absent) = case.truth.get(&choice.task)?;
    if case.decided.contains(&choice.task) || ignore.contains(&choice.path) { return None; }
    let _ = absent;
    Some(files.contains(&choice.path))
}

fn fit_files(data: &[(&Case, &FileChoice, bool)], listed: bool, keep: &[bool], ridge: f64) -> Linear {
    let masked: Vec<Vec<f64>> = data.iter().filter(|d| d.1.is_listed == listed).map(|d| d.1.values.iter().zip(keep).map(|(v, k)| if *k { *v } else { 0.0 }).collect()).collect();
    let rows: Vec<Row<'_>> = data.iter().filter(|d| d.1.is_listed == listed).zip(&masked).map(|(d, v)| Row { values: v, label: d.2, weight: 1.0 }).collect();
    let (bias, weights) = logistic::logistic(&rows, ridge);
    Linear { bias, weights }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let by = args.get(1).map_or("group", String::as_str).to_owned();
    let mut dirs: Vec<PathBuf> = Vec::new();
    for suite in ["plans", "epics"] {
        for entry in std::fs::read_dir(Path::new(&args[0]).join(suite)).into_iter().flatten().flatten() {
            let n = entry.file_name().to_string_lossy().into_owned();
            if n.contains("--S0") || n.contains("--S1") || n.contains("named") { continue; }
            dirs.push(entry.path());
        }
    }
    dirs.sort();
    let t = std::time::Instant::now();
    let cases: Vec<Case> = dirs.par_iter().filter_map(|d| load_case(d)).collect();
    eprintln!("{} cases {:?}", cases.len(), t.elapsed());
    let key = |c: &Case| if by == "group" { c.group.clone() } else { c.source.clone() };
    let folds: Vec<String> = { let s: BTreeSet<String> = cases.iter().map(|c| key(c)).collect(); s.into_iter().collect() };
    let k = if by == "group" { 5 } else { folds.len() };
    let fold_of = |c: &Case| folds.iter().position(|f| *f == key(c)).unwrap() % k;
    // per fold models
    let models: Vec<Model> = (0..k).into_par_iter().map(|fold| {
        let train: Vec<&Case> = cases.iter().filter(|c| fold_of(c) != fold).collect();
        let mut model = Model { first_pass: fit_commits(&train, None), ..Model::default() };
        model.second_pass = fit_commits(&train, Some(&model));
        model
    }).collect();
    eprintln!("commits {:?}", t.elapsed());
    for (i, n) in engine::commit_signals().iter().enumerate() { eprintln!("  {n:24} {}", models.iter().map(|m| format!("{:6.2}/{:6.2}", m.first_pass.task[i], m.second_pass.task[i])).collect::<Vec<_>>().join(" ")); }
    for (i, n) in engine::nobody_signals().iter().enumerate() { eprintln!("  0 {n:22} {}", models.iter().map(|m| format!("{:6.2}/{:6.2}", m.first_pass.nobody[i], m.second_pass.nobody[i])).collect::<Vec<_>>().join(" ")); }
    eprintln!("  bias {}", models.iter().map(|m| format!("{:6.2}/{:6.2}", m.first_pass.nobody_bias, m.second_pass.nobody_bias)).collect::<Vec<_>>().join(" "));
    // commit diagnostics: hollow tasks' commits
    for want in ["stripped, lists", "stripped, git", "absent, lists", "absent, git"] {
        let mut points: Vec<(f64, bool, usize)> = Vec::new(); let mut total = 0;
        for (ci, c) in cases.iter().enumerate().filter(|(_, c)| c.scenario.values().any(|s| s.contains(want))) {
            let m = &models[fold_of(c)];
            for (id, shares) in c.study.shares(m) {
                let whose = c.commits.get(&id).cloned().unwrap_or_default();
                total += whose.iter().filter(|t| c.truth.contains_key(*t)).count();
                for (t, p) in shares { if c.truth.contains_key(&t) { points.push((p, whose.contains(&t), ci)); } }
            }
        }
        let line: Vec<String> = [0.2, 0.3, 0.5, 0.8, 0.9, 0.95, 0.98].iter().map(|th| { let g = points.iter().filter(|p| p.0 >= *th).count(); let r = points.iter().filter(|p| p.0 >= *th && p.1).count(); format!("{th}: {r}/{g}") }).collect();
        println!("commits {want}: of {total}  {}", line.join("  "));
        if std::env::var("CWRONG").is_ok() { for (ci, c) in cases.iter().enumerate().filter(|(_, c)| c.scenario.values().any(|s| s.contains(want))) {
            let m = &models[fold_of(c)]; let _ = ci;
            for (id, shares) in c.study.shares(m) {
                let whose = c.commits.get(&id).cloned().unwrap_or_default();
                for t in &whose { if c.truth.contains_key(t) { let p = shares.iter().find(|s| s.0 == *t).map_or(0.0, |s| s.1); let best = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1)); if p < 0.9 { println!("MISS {} {} {t} p={p:.2} best={best:?}", c.name, &id[..8]); } } }
                for (t, p) in &shares { if *p > 0.8 && c.truth.contains_key(t) && !whose.contains(t) { println!("FALSE {} {} {t} p={p:.2} whose={whose:?}", c.name, &id[..8]); } }
            }
        } }
    }
    let mut out: Vec<(usize, FileChoice, bool, f64)> = Vec::new();
    let names = engine::file_signals();
    let drop: Vec<&str> = args.get(2).map(|s| s.split(',').collect()).unwrap_or_default();
    let keep: Vec<bool> = names.iter().map(|n| !drop.contains(n)).collect();
    let mut lines: Vec<(Linear, Linear)> = Vec::new();
    for (fold, model) in models.iter().enumerate() {
        let found: Vec<Vec<FileChoice>> = cases.par_iter().map(|c| c.study.files(model)).collect();
        let mut train = Vec::new();
        for (c, f) in cases.iter().zip(&found) {
            if fold_of(c) == fold { continue; }
            for choice in f { if let Some(l) = label(c, choice) { train.push((c, choice, l)); } }
        }
        let ridge = 3.0;
        let listed = fit_files(&train, true, &keep, ridge);
        let history = fit_files(&train, false, &keep, ridge);
        for (i, (c, f)) in cases.iter().zip(&found).enumerate() {
            if fold_of(c) != fold { continue; }
            for choice in f {
                if let Some(l) = label(c, choice) {
                    let v: Vec<f64> = choice.values.iter().zip(&keep).map(|(v, k)| if *k { *v } else { 0.0 }).collect();
                    let p = if choice.is_listed { listed.probability(&v) } else { history.probability(&v) };
                    out.push((i, choice.clone(), l, p));
                }
            }
        }
        lines.push((listed, history));
    }
    let at = |n: &str| names.iter().position(|x| *x == n).unwrap();
    let (bundle, changed) = (at("in_bundle"), at("unchanged"));
    let regime = |o: &FileChoice| (o.is_listed, o.values[bundle] > 0.0 || o.values[changed] > 0.0 || o.values[at("commit")] == 0.0);
    let raw: Vec<f64> = out.iter().map(|o| (o.3 / (1.0 - o.3)).ln()).collect();
    let per_bin: usize = std::env::var("BIN").ok().and_then(|b| b.parse().ok()).unwrap_or(40);
    for r in [(false, false), (false, true), (true, false), (true, true)] {
        for fold in 0..k {
            let points: Vec<(f64, bool)> = out.iter().zip(&raw).filter(|(o, _)| regime(&o.1) == r && fold_of(&cases[o.0]) != fold).map(|(o, z)| (*z, o.2)).collect();
            let table = monotone(points, per_bin);
            if fold == 0 { eprintln!("table {r:?} {}", table.iter().map(|(z, p)| format!("{z:.2}={p:.3}")).collect::<Vec<_>>().join(" ")); }
            for (o, z) in out.iter_mut().zip(&raw).filter(|(o, _)| regime(&o.1) == r && fold_of(&cases[o.0]) == fold) { o.3 = lookup(&table, *z); }
        }
    }
    eprintln!("files {:?} rows {}", t.elapsed(), out.len());
    for (i, n) in names.iter().enumerate() { eprintln!("  {n:26} listed {}   history {}", lines.iter().map(|l| format!("{:6.2}", l.0.weights[i])).collect::<Vec<_>>().join(""), lines.iter().map(|l| format!("{:6.2}", l.1.weights[i])).collect::<Vec<_>>().join("")); }
    // report
    let mut scenarios: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new(); // pairs, ladder given, ladder right
    for c in &cases { for (t, s) in &c.scenario {
        let e = scenarios.entry(s.clone()).or_default();
        let (files, ignore, absent) = &c.truth[t];
        if *absent { continue; }
        e.0 += files.len();
        if let Some(l) = c.ladder.get(t) { for f in l { if ignore.contains(f) { continue; } e.1 += 1; e.2 += usize::from(files.contains(f)); } }
    } }
    for (s, (pairs, given, right)) in &scenarios {
        let rows: Vec<_> = out.iter().filter(|o| cases[o.0].scenario[&o.1.task] == *s && !cases[o.0].truth[&o.1.task].2).collect();
        let mut text = format!("{s:30} pairs {pairs:5} ladder {right}/{given} |");
        for th in [0.5, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97] {
            let g = rows.iter().filter(|o| o.3 >= th).count(); let r = rows.iter().filter(|o| o.3 >= th && o.2).count();
            text += &format!(" {th}: {:.3}/{:.3}", (r + right) as f64 / ((g + given) as f64).max(1.0), (r + right) as f64 / (*pairs as f64).max(1.0));
        }
        let absent: Vec<_> = out.iter().filter(|o| cases[o.0].scenario[&o.1.task] == *s && cases[o.0].truth[&o.1.task].2).collect();
        let tasks: BTreeSet<_> = cases.iter().enumerate().flat_map(|(i, c)| c.truth.iter().filter(|(t, v)| v.2 && c.scenario[*t] == *s).map(move |(t, _)| (i, t.clone()))).collect();
        if !tasks.is_empty() { for th in [0.9, 0.95, 0.97] { let f: BTreeSet<_> = absent.iter().filter(|o| o.3 >= th).map(|o| (o.0, o.1.task.clone())).collect(); text += &format!(" absent {th}: {}/{}", f.len(), tasks.len()); } }
        println!("{text}");
    }
    for suite in ["S", "E"] {
        let mut bins = vec![(0.0, 0.0, 0usize); 10];
        for o in out.iter().filter(|o| cases[o.0].scenario[&o.1.task].starts_with(suite)) { let b = ((o.3 * 10.0) as usize).min(9); bins[b].0 += o.3; bins[b].1 += f64::from(o.2); bins[b].2 += 1; }
        let n: usize = bins.iter().map(|b| b.2).sum();
        println!("{suite} ECE {:.4}  {}", bins.iter().map(|b| (b.0 - b.1).abs()).sum::<f64>() / n as f64, bins.iter().map(|b| format!("{:.2}={:.2}({})", b.0 / b.2.max(1) as f64, b.1 / b.2.max(1) as f64, b.2)).collect::<Vec<_>>().join(" "));
    }
    if std::env::var("MISSF").is_ok() {
        for o in out.iter().filter(|o| o.2 && o.3 < 0.85) { let vals: Vec<String> = names.iter().zip(&o.1.values).filter(|(_, v)| **v != 0.0).map(|(n, v)| format!("{n}={v:.2}")).collect(); println!("MISSF {:.3} {} {} {} {}", o.3, cases[o.0].name, o.1.task, o.1.path, vals.join(" ")); }
        for (i, c) in cases.iter().enumerate() { for (t, (files, _, absent)) in &c.truth { if *absent || c.decided.contains(t) { continue; } for f in files { if !out.iter().any(|o| o.0 == i && o.1.task == *t && o.1.path == *f) { println!("UNREACHED {} {t} {f}", c.name); } } } }
    }
    if std::env::var("WRONG").is_ok() {
        let mut wrong: Vec<_> = out.iter().filter(|o| !o.2 && o.3 > 0.9).collect();
        wrong.sort_by(|a, b| b.3.total_cmp(&a.3));
        for o in wrong { let vals: Vec<String> = names.iter().zip(&o.1.values).filter(|(_, v)| **v != 0.0).map(|(n, v)| format!("{n}={v:.2}")).collect(); println!("WRONG {:.3} {} {} {} {}", o.3, cases[o.0].name, o.1.task, o.1.path, vals.join(" ")); }
    }
}

/// Monotone calibration table: bins of equal count, pooled until they rise.
fn monotone(mut points: Vec<(f64, bool)>, per_bin: usize) -> Vec<(f64, f64)> {
    points.sort_by(|a, b| b.0.total_cmp(&a.0));
    // from the top: small bins where it matters
    let mut bins: Vec<(f64, f64, f64)> = Vec::new();
    let mut rest = &points[..];
    let mut size = per_bin;
    while !rest.is_empty() {
        let n = size.min(rest.len());
        let (head, tail) = rest.split_at(n);
        bins.push((head.iter().map(|p| p.0).sum::<f64>(), head.iter().filter(|p| p.1).count() as f64, n as f64));
        rest = tail;
        if bins.len() > 12 { size = size * 3 / 2; }
    }
    bins.reverse();
    let mut pooled: Vec<(f64, f64, f64)> = Vec::new();
    for bin in bins {
        pooled.push(bin);
        while pooled.len() > 1 && { let (a, b) = (pooled[pooled.len() - 2], pooled[pooled.len() - 1]); a.1 / a.2 >= b.1 / b.2 } {
            let b = pooled.pop().unwrap(); let a = pooled.last_mut().unwrap();
            a.0 += b.0; a.1 += b.1; a.2 += b.2;
        }
    }
    pooled.iter().map(|b| (b.0 / b.2, (b.1 + 0.5) / (b.2 + 1.0))).collect()
}

fn lookup(table: &[(f64, f64)], z: f64) -> f64 {
    let Some(first) = table.first() else { return 0.0 };
    if z <= first.0 { return first.1; }
    for pair in table.windows(2) {
        if z <= pair[1].0 { let t = (z - pair[0].0) / (pair[1].0 - pair[0].0).max(1e-9); return pair[0].1 + t * (pair[1].1 - pair[0].1); }
    }
    table[table.len() - 1].1
}
