//! A C ABI over the consensus core. cluster/consensus.cpp is its only caller and declares the same functions.
//!
//! A `Core` belongs to one thread. Slices that go in are copied; slices of a Ready stay valid until `persisted` of its
//! number, those of members until the next call. A panic aborts the process: a half-stepped core must not go on.
#![allow(clippy::missing_safety_doc)] // one contract for all: pointers come from `new` and slices are valid

mod core;
mod held;
mod inbound;
mod log;
mod view;

use crate::core::Core;
use crate::view::{Boot, Change, MembersView, Progress, ReadyView, Slice, SnapshotView, Status};

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_new(boot: *const Boot, status: *mut *const Status) -> *mut Core {
    let core = Box::new(Core::new(&*boot));
    *status = &*core.status;
    Box::into_raw(core)
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_free(core: *mut Core) {
    drop(Box::from_raw(core));
}

/// Runs one action and brings the status up to date.
unsafe fn act<T>(core: *mut Core, action: impl FnOnce(&mut Core) -> T) -> T {
    let core = &mut *core;
    let result = action(core);
    core.settle();
    result
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_tick(core: *mut Core) {
    act(core, |c| c.tick())
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_campaign(core: *mut Core) {
    act(core, |c| c.campaign())
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_step(core: *mut Core, from: u64, message: Slice<u8>) -> u64 {
    act(core, |c| c.step(from, message.get())) as u64
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_propose(core: *mut Core, data: Slice<u8>) -> u64 {
    act(core, |c| c.propose(data.get())) as u64
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_propose_changes(core: *mut Core, changes: Slice<Change>) -> u64 {
    act(core, |c| c.propose_changes(changes.get())) as u64
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_apply_change(
    core: *mut Core,
    kind: u64,
    data: Slice<u8>,
    out: *mut MembersView,
) -> u64 {
    match act(core, |c| c.apply_change(kind, data.get())) {
        Some(members) => {
            *out = members;
            1
        }
        None => 0,
    }
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_applied(core: *mut Core, index: u64) {
    act(core, |c| c.applied(index))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_transfer(core: *mut Core, to: u64) {
    act(core, |c| c.transfer(to))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_read(core: *mut Core, term: u64, sequence: u64) -> u64 {
    act(core, |c| c.read(term, sequence)) as u64
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_unreachable(core: *mut Core, id: u64) {
    act(core, |c| c.unreachable(id))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_report_snapshot(core: *mut Core, id: u64, ok: u64) {
    act(core, |c| c.report_snapshot(id, ok != 0))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_offer(core: *mut Core, snapshot: *const SnapshotView) {
    act(core, |c| c.offer(&*snapshot))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_want_noted(core: *mut Core) {
    act(core, |c| c.want_noted())
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_compact(core: *mut Core, upto: u64) {
    act(core, |c| c.compact(upto))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_ready(core: *mut Core, out: *mut ReadyView) {
    act(core, |c| c.ready(&mut *out))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_persisted(core: *mut Core, number: u64) {
    act(core, |c| c.persisted(number))
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_progress(core: *const Core, id: u64, out: *mut Progress) -> u64 {
    match (*core).progress(id) {
        Some(progress) => {
            *out = progress;
            1
        }
        None => 0,
    }
}

#[no_mangle]
pub unsafe extern "C" fn stoa_raft_slowest_match(core: *const Core) -> u64 {
    (*core).slowest_match()
}
