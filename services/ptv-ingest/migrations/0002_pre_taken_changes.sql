-- Marks that a process is deriving listings from; a mark set anew meanwhile is of nobody, so it stays for the next.
ALTER TABLE changed_object ADD COLUMN taken_by uuid;
