/** A value while it is being made by whoever will hand it out as read-only. */
export type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };
