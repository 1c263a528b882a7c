// What a shard of the user service understands, as a typed actor: each message is answered by a Reply.
#pragma once

#include "actors/runtime/api.hpp"
#include "actors/service_number.hpp"
#include "actors/user/rules.hpp"
#include "actors/user/types.hpp"

namespace stoa {

using UserMessages = Messages<RegisterUser,       // somebody becomes a customer
                              RecordUser,         // the same, the password hashed
                              SeedUser,           // a user of the program's own making
                              GetUser,            // what a user and admins may see
                              PatchUser,          // a user's own name
                              SetUserRole,        // by admins
                              DeleteUser,         // forgets who a user was
                              OpenSession,        // a login
                              RecordSession,      // the same, the password tried
                              RefreshSession,     // new tokens for an old one
                              RecordRefresh,      // the same, the tokens made
                              CloseSession,       // a logout
                              ListRevocations,    // which sessions' tokens gateways must refuse
                              ExpireSession,      // the shard's own timer on a session
                              ForgetRevocation>;  // the shard's own timer on an ended session

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(stoa_user, stoa::first_type_id(stoa::service_number::user))
CAF_ADD_TYPE_ID(stoa_user, (stoa::RegisterUser))
CAF_ADD_TYPE_ID(stoa_user, (stoa::RecordUser))
CAF_ADD_TYPE_ID(stoa_user, (stoa::SeedUser))
CAF_ADD_TYPE_ID(stoa_user, (stoa::GetUser))
CAF_ADD_TYPE_ID(stoa_user, (stoa::PatchUser))
CAF_ADD_TYPE_ID(stoa_user, (stoa::SetUserRole))
CAF_ADD_TYPE_ID(stoa_user, (stoa::DeleteUser))
CAF_ADD_TYPE_ID(stoa_user, (stoa::OpenSession))
CAF_ADD_TYPE_ID(stoa_user, (stoa::RecordSession))
CAF_ADD_TYPE_ID(stoa_user, (stoa::RefreshSession))
CAF_ADD_TYPE_ID(stoa_user, (stoa::RecordRefresh))
CAF_ADD_TYPE_ID(stoa_user, (stoa::CloseSession))
CAF_ADD_TYPE_ID(stoa_user, (stoa::ListRevocations))
CAF_ADD_TYPE_ID(stoa_user, (stoa::ExpireSession))
CAF_ADD_TYPE_ID(stoa_user, (stoa::ForgetRevocation))
CAF_END_TYPE_ID_BLOCK(stoa_user)
