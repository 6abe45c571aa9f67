-- The same POST again and again: PATH_AND_BODY is "path body".
local path, body = os.getenv("PATH_AND_BODY"):match("^(%S+) (.*)$")
wrk.method, wrk.path, wrk.body = "POST", path, body
wrk.headers["Content-Type"] = "application/json"
