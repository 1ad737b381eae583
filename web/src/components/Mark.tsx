/** A provider's mark: its first letters, for every provider the same shape; vendors' logos are theirs. */
export function Mark({ label, small = false }: { label: string; small?: boolean }) {
  return (
    <span className={small ? 'mark mark-small' : 'mark'} aria-hidden="true">
      {label.slice(0, 2)}
    </span>
  );
}
