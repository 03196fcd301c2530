"""The statements of the outbox, and the numbers in them.

They are kept apart because two kinds of process run them: Python's, and the device's own receivers,
which work while Python is dead (mobile/android). The receivers' phone may bring an SQLite as old as
3.18, so what they share does without RETURNING and upserts.
"""

LEASE_S = 45.0
LEASE_SOS_S = 12.0
LONGEST_WAIT_S = 60.0
LONGEST_WAIT_SOS_S = 5.0
MOST_POSITIONS = 60
KEPT_SENT = 500

SOS, POSITION = "sos", "position"
OPENED = "opened"

NEXT_IN_LINE = """
    state = 'queued' AND owner = :owner
    AND (prio = 0 OR NOT EXISTS (
        SELECT 1 FROM outbox p WHERE p.stream = o.stream AND p.blocks = 1
        AND p.state IN ('queued', 'held') AND p.id < o.id))
    AND (o.kind <> 'stand_down' OR NOT EXISTS (
        SELECT 1 FROM outbox s WHERE s.owner = o.owner AND s.prio = 0
        AND s.state IN ('queued', 'held') AND s.id < o.id))
"""
"""A take-back waits for every call made before it: one that came later would raise anew."""
PICK = f"""
    SELECT id FROM outbox o WHERE {NEXT_IN_LINE}
    AND (lease <= :now OR lease > :now + :lease_s)
    AND (due <= :now OR due > :now + :wait_s) AND (prio = 0 OR NOT :sos_only)
    ORDER BY prio, id LIMIT 1
"""  # noqa: S608 - made of constants
CLAIM = f"""
    UPDATE outbox SET token = :token, tries = tries + 1,
        lease = :now + CASE prio WHEN 0 THEN :lease_sos_s ELSE :lease_s END
    WHERE id = ({PICK})
    RETURNING *
"""  # noqa: S608 - made of constants
SOONEST = f"""
    SELECT MIN(MAX(due, lease)) AS due FROM outbox o WHERE {NEXT_IN_LINE}
    AND (prio = 0 OR NOT :sos_only)
"""  # noqa: S608 - made of constants
PUT = """
    INSERT INTO outbox (key, owner, kind, stream, path, body, stamp, sealed, prio, blocks, due)
    VALUES (:key, :owner, :kind, :stream, :path, :body, :stamp, :sealed, :prio, :blocks, :due)
"""
THIN = """
    UPDATE outbox SET state = 'superseded' WHERE id IN (
        SELECT id FROM outbox WHERE kind = 'position' AND stream = :stream AND state = 'queued'
        AND tries = 0 ORDER BY id DESC LIMIT -1 OFFSET :most)
"""
PIN_GIVEN = """
    UPDATE outbox SET dismissed = 1 WHERE stream = :stream AND state = 'refused'
    AND verdict IN ('pin-wrong', 'pin-required') AND (kind = :kind OR :kind = 'close')
"""
DISMISS = """
    UPDATE outbox SET dismissed = 1 WHERE state = 'refused' AND EXISTS (
        SELECT 1 FROM outbox n WHERE n.key = :key AND n.id >= outbox.id
        AND n.stream = outbox.stream AND n.kind = outbox.kind AND n.verdict IS outbox.verdict)
"""
PRUNE = """
    DELETE FROM outbox WHERE state IN ('sent', 'taken_back', 'superseded') AND id NOT IN (
        SELECT id FROM outbox WHERE state IN ('sent', 'taken_back', 'superseded')
        ORDER BY id DESC LIMIT :most)
"""
SETTLE = """
    UPDATE outbox SET state = :state, verdict = :verdict, detail = :detail, sealed = NULL, lease = 0
    WHERE id = :id AND state IN ('queued', 'held')
"""
RETRY = """
    UPDATE outbox SET due = :due, lease = 0, verdict = :verdict
    WHERE id = :id AND token IS :token AND state = 'queued'
"""
UNSENT = """
    UPDATE outbox SET due = :due, lease = 0, tries = tries - 1,
        verdict = CASE WHEN tries > 1 THEN verdict ELSE :verdict END
    WHERE id = :id AND token IS :token AND state = 'queued'
"""
"""A try that never left the phone is none: what only such tries were made of may be taken back."""
