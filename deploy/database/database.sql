-- One service's database and its roles; run by setup.sh (psql 15 or newer), which says what the variables are.
--   name             the database, and the role that owns it and can enter no other
--   name_runtime     where RUNTIME_PASSWORD is set: the role that reads and writes rows and can change nothing else
\set ON_ERROR_STOP on
\set runtime :name _runtime
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD
SELECT current_setting('is_superuser') AS is_superuser \gset

\if :is_superuser
    -- The statements below hold passwords: they must not be in the server's log, not even when they fail.
    SET log_statement = none;
    SET log_min_error_statement = panic;
    SET log_min_duration_statement = -1;
\endif

-- Two sessions that change the same rights at once fail with "tuple concurrently updated". Held until the session ends.
SELECT pg_advisory_lock(hashtext('database-setup'));

\if :is_superuser
    -- Services enter their own databases only. (On a managed server these two are the provider's.)
    REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
\endif
SELECT format('CREATE ROLE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
\if :is_superuser
    ALTER ROLE :"name" NOSUPERUSER NOREPLICATION NOBYPASSRLS;
\else
    -- The administrator of a managed server is no superuser. It has to belong to a role to give it a database.
    GRANT :"name" TO CURRENT_USER;
\endif
-- Who waits for a row that somebody else keeps is told so, before the statement has taken too long (TimeLimits.Lock).
ALTER ROLE :"name" SET lock_timeout = '8s';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;

\if :{?runtime_password}
    SELECT format('CREATE ROLE %I', :'runtime') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'runtime') \gexec
    ALTER ROLE :"runtime" LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'runtime_password';
    \if :is_superuser
        ALTER ROLE :"runtime" NOSUPERUSER NOREPLICATION NOBYPASSRLS;
    \endif
    ALTER ROLE :"runtime" SET lock_timeout = '8s';
    GRANT CONNECT ON DATABASE :"name" TO :"runtime";

    \connect :"name"
    -- Locks belong to a database, and the session in the other one has ended.
    SELECT pg_advisory_lock(hashtext('database-setup'));
    GRANT USAGE ON SCHEMA public TO :"runtime";
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"runtime";
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"runtime";
    -- And on whatever the owner's migrations make later.
    ALTER DEFAULT PRIVILEGES FOR ROLE :"name" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"runtime";
    ALTER DEFAULT PRIVILEGES FOR ROLE :"name" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"runtime";
\endif
