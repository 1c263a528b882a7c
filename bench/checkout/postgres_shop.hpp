// The shop as tables and one function: the same checkout as Stoa's, written the way that is fastest in PostgreSQL.
#pragma once

namespace stoa::bench {

// Favours PostgreSQL where it can: ids from cached sequences, no index but the primary keys, room for updates in place,
// no JSON, no HTTP, no authentication.
constexpr const char* kPostgresShop = R"sql(
create table products (id int primary key, sku text not null, name text not null, price bigint not null,
  available int not null check (available >= 0)) with (fillfactor = 50);
create sequence order_ids cache 100;
create table orders (id bigint primary key, customer_id bigint not null, status text not null, total bigint not null,
  address text not null, created_at timestamptz not null);
create table order_lines (order_id bigint, line int, product_id int not null, sku text not null, name text not null,
  quantity int not null, unit_price bigint not null, primary key (order_id, line));
create table payments (order_id bigint primary key, status text not null, method text not null, amount bigint not null);
create table shipments (order_id bigint primary key, status text not null, address text not null);
create table idempotency_keys (customer_id bigint, key text, body_hash bigint not null, order_id bigint not null,
  primary key (customer_id, key));

insert into products select n, 'bench-' || n, 'Product ' || n, 1000 + n, 1000000 from generate_series(1, 200) n;

-- REQUIRES product in rising order: two checkouts of the same products then never wait for each other in a circle.
create function checkout(customer bigint, idempotency_key text, hash bigint, ship_to text, method text,
                         product int[], amount int[]) returns bigint language plpgsql as $$
declare
  made bigint := nextval('order_ids');
  was record;
  found_sku text; found_name text; found_price bigint;
  sum bigint := 0;
begin
  insert into idempotency_keys values (customer, idempotency_key, hash, made) on conflict do nothing;
  if not found then
    select * into was from idempotency_keys k where k.customer_id = customer and k.key = idempotency_key;
    if was.body_hash <> hash then raise 'idempotency_key_reused'; end if;
    return was.order_id;
  end if;
  for i in 1 .. array_length(product, 1) loop
    update products set available = available - amount[i] where id = product[i] and available >= amount[i]
      returning sku, name, price into found_sku, found_name, found_price;
    if not found then raise 'out_of_stock'; end if;
    insert into order_lines values (made, i, product[i], found_sku, found_name, amount[i], found_price);
    sum := sum + found_price * amount[i];
  end loop;
  if method <> 'tok_visa' then raise 'payment_declined'; end if;
  insert into orders values (made, customer, 'confirmed', sum, ship_to, now());
  insert into payments values (made, 'authorized', method, sum);
  insert into shipments values (made, 'booked', ship_to);
  return made;
end $$;
)sql";

}  // namespace stoa::bench
