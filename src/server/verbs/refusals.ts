import { ApiError } from "../../api/errors.ts";

/** 404 for a path that leads nowhere. */
export function unknownPath(): ApiError {
  return new ApiError("NotFound", "the server could not find the requested resource");
}

/** 405 for a verb that there is not at a path. */
export function methodNotAllowed(): ApiError {
  return new ApiError("MethodNotAllowed", "the server does not allow this method on the requested resource");
}
