-- The same post in PostgreSQL, as one call of a function: the tables and indexes of our own migration, the key looked for
-- first, an entry with its hash, two legs, two balances, a floor. Not asked of it: the fact in the hash-linked journal, which
-- ours writes with every post, and numbers without gaps.
-- Accounts are locked in the order of their numbers, so that two posts never wait for each other in a circle.

CREATE SEQUENCE entry_numbers;

INSERT INTO book_accounts (no, code, owner_kind, owner_id, name_zh, name_en, floor, opened_at, opened_by)
SELECT no, 'account:' || no, 'household', no::text, '', '', (no = 1)::int, 0, '' FROM generate_series(1, 10001) no;
INSERT INTO book_balances
SELECT no, CASE WHEN no = 1 THEN 1000000000000 ELSE 0 END, 0, 0, 0 FROM book_accounts;

CREATE FUNCTION move(account bigint, amount bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE book_balances balance
  SET debit_fen = debit_fen + greatest(amount, 0), credit_fen = credit_fen + greatest(-amount, 0)
  FROM book_accounts account_row
  WHERE balance.account_no = account AND account_row.no = account AND account_row.closed_at IS NULL
    AND (account_row.floor = 0 OR debit_fen - credit_fen - held_credit_fen + amount >= 0);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'below zero, closed or missing: %', account;
  END IF;
END;
$$;

CREATE FUNCTION post(new_key text, day text, debited bigint, credited bigint, amount bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  entry bigint;
  recorded bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
  SELECT no INTO entry FROM book_entries WHERE key = new_key;
  IF FOUND THEN
    RETURN entry;
  END IF;
  IF EXISTS (SELECT 1 FROM book_periods WHERE last_day >= day) THEN
    RAISE EXCEPTION 'closed: %', day;
  END IF;
  IF debited < credited THEN
    PERFORM move(debited, amount);
    PERFORM move(credited, -amount);
  ELSE
    PERFORM move(credited, -amount);
    PERFORM move(debited, amount);
  END IF;
  entry := nextval('entry_numbers');
  INSERT INTO book_entries VALUES (entry, new_key, day, recorded, 'finance:desk', '结算', '[]', NULL, NULL,
    encode(sha256(convert_to(entry || new_key || day || recorded || debited || credited || amount, 'UTF8')), 'hex'), '');
  INSERT INTO book_legs VALUES (debited, day, entry, 1, amount), (credited, day, entry, 2, -amount);
  RETURN entry;
END;
$$;

CREATE FUNCTION post_many(prefix text, count bigint, hot boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  debited bigint;
  credited bigint;
BEGIN
  FOR number IN 1 .. count LOOP
    debited := 2 + floor(random() * 10000)::bigint;
    credited := CASE WHEN hot THEN 1 ELSE 2 + (debited - 1 + floor(random() * 9999)::bigint) % 10000 END;
    PERFORM post(prefix || '-' || number, '2018-06-30', debited, credited, 1 + floor(random() * 10000)::bigint);
  END LOOP;
  RETURN count;
END;
$$;
