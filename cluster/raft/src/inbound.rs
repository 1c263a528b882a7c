//! What may enter the core from outside. Everything else is dropped here.

use protobuf::Message as _;
use raft::prelude::{Message, MessageType};

/// The message, if it is meant for `me`, comes from `from` and is of a kind that replicas send each other.
/// Proposals, reads and transfers are never forwarded, so they are never accepted from outside.
pub fn accept(bytes: &[u8], from: u64, me: u64) -> Option<Message> {
    if !plain(bytes, 0) {
        return None;
    }
    let m = Message::parse_from_bytes(bytes).ok()?;
    let known = matches!(
        m.get_msg_type(),
        MessageType::MsgAppend
            | MessageType::MsgAppendResponse
            | MessageType::MsgRequestVote
            | MessageType::MsgRequestVoteResponse
            | MessageType::MsgSnapshot
            | MessageType::MsgHeartbeat
            | MessageType::MsgHeartbeatResponse
            | MessageType::MsgTimeoutNow
            | MessageType::MsgRequestPreVote
            | MessageType::MsgRequestPreVoteResponse
    );
    // Term 0 marks local messages, which skip the comparison of terms.
    (known && m.to == me && m.from == from && from != me && m.term != 0).then_some(m)
}

/// False if the bytes hold a group (wire types 3 and 4) at any level that the parser would descend to: protobuf 2 skips
/// groups recursively without a limit (RUSTSEC-2024-0437). No message of the core has any.
fn plain(mut bytes: &[u8], level: usize) -> bool {
    while !bytes.is_empty() {
        let Some(key) = varint(&mut bytes) else { return false };
        let skip = match key & 7 {
            0 => {
                if varint(&mut bytes).is_none() {
                    return false;
                }
                continue;
            }
            1 => 8,
            5 => 4,
            2 => match varint(&mut bytes) {
                Some(n) => n as usize,
                None => return false,
            },
            _ => return false,
        };
        if skip > bytes.len() {
            return false;
        }
        let (field, rest) = bytes.split_at(skip);
        // Entries and snapshot at the top, metadata in the snapshot, members in the metadata; the rest is data.
        let nested = matches!((level, key >> 3), (0, 7) | (0, 9) | (1, 2) | (2, 1));
        if key & 7 == 2 && nested && !plain(field, level + 1) {
            return false;
        }
        bytes = rest;
    }
    true
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for (i, &byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            *bytes = &bytes[i + 1..];
            return Some(value);
        }
    }
    None
}
