// The directory as records: read whole, changed as a plain value, written back where it differs.
#pragma once

#include "actors/catalog/types.hpp"
#include "storage/transaction.hpp"

namespace stoa::catalog {

// Not formed: empty.
Directory read_directory(const Reader& reader);

// The version alone, without the rest; 0: not formed.
uint64_t directory_version(const Reader& reader);

// Writes what differs from `before` and gives it the next version; nothing when nothing differs. REQUIRES that `before`
// is what read_directory() gave in this transaction.
void write_directory(const Directory& before, Directory& after, Transaction& tx);

// Who did what, for ever but for the oldest: the newest 10,000 are kept.
void write_audit(std::string by, std::string_view what, std::string detail, Transaction& tx);

}  // namespace stoa::catalog
