using System.Text;

namespace Ticketing.LocalHosting.Publishing;

/// <summary>
/// The values that are not part of the deployment files: a template says what there is, and <c>prepare.sh</c> beside it makes
/// the file that is filled in. The file is never written here, so publishing again loses nothing.
/// </summary>
/// <param name="name">The file's name, e.g. <c>.env</c>.</param>
/// <param name="nameOf">What a parameter is called in it.</param>
internal sealed class SettingsFile(string name, Func<ParameterResource, string> nameOf)
{
    /// <summary>Stands for a new random secret.</summary>
    public const string Generated = "<generated>";

    /// <summary>Stands for what only the operator knows.</summary>
    public const string Required = "<required>";

    private readonly StringBuilder template = new();

    public string Name => name;

    public string TemplateName => $"{name}.template";

    public string Template => template.ToString();

    public SettingsFile Add(string setting, string value, string comment)
    {
        template.Append($"# {comment}\n{setting}={value}\n");
        return this;
    }

    public SettingsFile Add(IEnumerable<ParameterResource> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.Default is GenerateParameterDefault)
                template.Append($"{nameOf(parameter)}={Generated}\n");
            else
                template.Append($"{nameOf(parameter)}={parameter.PublishedDefault ?? Required}\n");
        }
        return this;
    }

    /// <summary>A script that makes the files of all templates in its directory.</summary>
    public static string Script(params IEnumerable<SettingsFile> files) => $$"""
        #!/bin/sh
        # Makes {{string.Join(" and ", files.Select(file => file.Name))}} beside this from the template: what is {{Generated}} becomes a random secret. What is there
        # already stays, so this can run again at any time. It ends with 1 while something that is {{Required}} is empty.
        set -eu
        cd "$(dirname "$0")"
        umask 077
        missing=
        for file in {{string.Join(' ', files.Select(file => file.Name))}}; do
            touch "$file"
            while IFS= read -r line; do
                name=${line%%=*} value=${line#*=}
                case $line in '#'* | '') continue ;; esac
                case $value in
                    '{{Generated}}') value=$(head -c 1024 /dev/urandom | LC_ALL=C tr -dc A-Za-z0-9 | cut -c -40) ;;
                    '{{Required}}') value= ;;
                esac
                grep -q "^$name=" "$file" || printf '%s=%s\n' "$name" "$value" >> "$file"
                case $line in *'={{Required}}') if grep -q "^$name=\$" "$file"; then missing="$missing $file:$name"; fi ;; esac
            done < "$file.template"
        done
        if [ -n "$missing" ]; then
            echo "Fill in:$missing" >&2
            exit 1
        fi

        """;
}
