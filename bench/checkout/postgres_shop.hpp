// The shop as tables and one function: the same durable effects as Stoa's checkout, written the way that is fastest in
// PostgreSQL. docs/bench.md lists them side by side.
#pragma once

namespace stoa::bench {

// Favours PostgreSQL where the effects leave a choice: one transaction instead of steps between services, ids from
// cached sequences, no index but the primary keys and the one that lists a customer's orders, no foreign keys, room for
// updates in place, the answer as json (as fast as text; jsonb cost more), one statement for rows of one table; no
// HTTP, no parsing of the client's document, no authentication. Stock is taken by one statement a line: the same in
// one statement for all lines needs them locked in order first, and was no faster.
constexpr const char* kPostgresShop = R"sql(
create table products (id int primary key, sku text not null, name text not null, price bigint not null,
  available int not null check (available >= 0)) with (fillfactor = 50);
create sequence order_ids cache 100;
create table orders (id bigint primary key, customer_id bigint not null, status text not null, total bigint not null,
  currency text not null, address json not null, version int not null, created_at timestamptz not null);
create index on orders (customer_id, id);
create table order_lines (order_id bigint, line int, product_id int not null, sku text not null, name text not null,
  quantity int not null, unit_price bigint not null, primary key (order_id, line));
create table order_history (order_id bigint, seq int, at timestamptz not null, event text not null, was text,
  becomes text not null, primary key (order_id, seq));
create table reservations (order_id bigint, product_id int, quantity int not null, state text not null,
  primary key (order_id, product_id));
create table payments (order_id bigint primary key, customer_id bigint not null, status text not null,
  method text not null, amount bigint not null, captured bigint not null, refunded bigint not null);
create table ledger (order_id bigint, seq int, at timestamptz not null, account text not null, amount bigint not null,
  currency text not null, cause text not null, primary key (order_id, seq));
create table shipments (order_id bigint primary key, customer_id bigint not null, status text not null);
create table idempotency_keys (customer_id bigint, key text, body_hash bytea not null, at timestamptz not null,
  answer json not null, primary key (customer_id, key));

insert into products select n, 'bench-' || n, 'Product ' || n, 1000 + n, 1000000 from generate_series(1, 200) n;

-- REQUIRES product in rising order: two checkouts of the same products then never wait for each other in a circle.
-- Two calls with one key at once: the second fails on the primary key of idempotency_keys; repeated, it is answered.
create function checkout(customer bigint, idempotency_key text, hash bytea, ship_to json, method text,
                         product int[], amount int[]) returns json language plpgsql as $$
declare
  made bigint := nextval('order_ids');
  at timestamptz := now();
  was record; bought record;
  skus text[]; names text[]; prices bigint[];
  sum bigint := 0;
  answer json;
begin
  select k.body_hash, k.answer into was from idempotency_keys k
    where k.customer_id = customer and k.key = idempotency_key;
  if found then
    if was.body_hash <> hash then raise 'idempotency_key_reused'; end if;
    return was.answer;
  end if;
  for i in 1 .. array_length(product, 1) loop
    update products set available = available - amount[i] where id = product[i] and available >= amount[i]
      returning sku, name, price into bought;
    if not found then raise 'out_of_stock'; end if;
    skus[i] := bought.sku; names[i] := bought.name; prices[i] := bought.price;
    sum := sum + bought.price * amount[i];
  end loop;
  if method <> 'tok_visa' then raise 'payment_declined'; end if;
  insert into reservations select made, l.product, l.amount, 'committed'
    from unnest(product, amount) l(product, amount);
  insert into order_lines select made, l.line, l.product, l.sku, l.name, l.amount, l.price
    from unnest(product, skus, names, amount, prices) with ordinality l(product, sku, name, amount, price, line);
  insert into orders values (made, customer, 'confirmed', sum, 'EUR', ship_to, 2, at);
  insert into order_history values (made, 1, at, 'OrderPlaced', null, 'pending'),
    (made, 2, at, 'OrderConfirmed', 'pending', 'confirmed');
  insert into payments values (made, customer, 'authorized', method, sum, 0, 0);
  insert into ledger values (made, 1, at, 'customer', -sum, 'EUR', 'authorize'),
    (made, 2, at, 'held', sum, 'EUR', 'authorize');
  insert into shipments values (made, customer, 'booked');
  answer := json_build_object('id', made, 'customer_id', customer, 'status', 'confirmed', 'reason', null, 'lines',
    (select json_agg(json_build_object('product_id', l.product, 'sku', l.sku, 'name', l.name, 'quantity', l.amount,
        'unit_price', json_build_object('amount', l.price, 'currency', 'EUR'),
        'total', json_build_object('amount', l.price * l.amount, 'currency', 'EUR')))
      from unnest(product, skus, names, amount, prices) l(product, sku, name, amount, price)),
    'total', json_build_object('amount', sum, 'currency', 'EUR'), 'shipping_address', ship_to, 'payment_id', made,
    'shipment_ids', json_build_array(made), 'history', json_build_array(
      json_build_object('seq', 1, 'at', at, 'event', 'OrderPlaced', 'from', null, 'to', 'pending'),
      json_build_object('seq', 2, 'at', at, 'event', 'OrderConfirmed', 'from', 'pending', 'to', 'confirmed')),
    'version', 2, 'created_at', at);
  insert into idempotency_keys values (customer, idempotency_key, hash, at, answer);
  return answer;
end $$;
)sql";

}  // namespace stoa::bench
