using Microsoft.AspNetCore.Mvc.Localization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages.Forms;

/// <summary>
/// One field of a form: its label, its input with what was typed, a hint, and what is wrong with it.
/// <c>&lt;form-field for="Form.Title" label="Title" maxlength="200" /&gt;</c>; attributes that it does not know go to the input.
/// Label and hint are texts of its page, given in English.
/// </summary>
[HtmlTargetElement("form-field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FormFieldTagHelper(IViewLocalizer texts) : TagHelper
{
    /// <summary>The property, a string, that the input fills.</summary>
    public ModelExpression For { get; set; } = null!;

    /// <summary>The accessible name.</summary>
    public string Label { get; set; } = "";

    /// <summary>What to enter, read out after the name.</summary>
    public string? Hint { get; set; }

    /// <summary>The input's type, or <c>multiline</c>.</summary>
    public string Type { get; set; } = "text";

    /// <summary>The page that is being made.</summary>
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ((IViewContextAware)texts).Contextualize(View);
        var id = TagBuilder.CreateSanitizedId(For.Name, "-").ToLowerInvariant();
        var error = View.ModelState.TryGetValue(For.Name, out var entry) && entry.ValidationState == ModelValidationState.Invalid
            ? Texts.Message(entry.Errors[0].ErrorMessage)
            : null;

        var label = new TagBuilder("label") { Attributes = { ["for"] = id } };
        label.InnerHtml.Append(texts.GetString(Label).Value);
        var input = Input(id, output.Attributes);
        string?[] descriptions = [Hint is null ? null : $"{id}-hint", error is null ? null : $"{id}-error"];
        if (string.Join(' ', descriptions.Where(part => part is not null)) is { Length: > 0 } describedBy)
            input.Attributes["aria-describedby"] = describedBy;
        if (error is not null)
            input.Attributes["aria-invalid"] = "true";

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.Clear();
        output.Attributes.SetAttribute("class", "field");
        output.Content.AppendHtml(label).AppendHtml(input);
        if (Hint is not null)
            output.Content.AppendHtml(Note("hint", texts.GetString(Hint).Value));
        if (error is not null)
            output.Content.AppendHtml(Note("error", error));

        TagBuilder Note(string kind, string text)
        {
            var note = new TagBuilder("p") { Attributes = { ["id"] = $"{id}-{kind}", ["class"] = kind } };
            note.InnerHtml.Append(text);
            return note;
        }
    }

    private TagBuilder Input(string id, TagHelperAttributeList others)
    {
        var multiline = Type == "multiline";
        var input = new TagBuilder(multiline ? "textarea" : "input");
        foreach (var other in others)
            input.Attributes[other.Name] = other.Value?.ToString() ?? "";
        input.Attributes["id"] = id;
        input.Attributes["name"] = For.Name;
        if (multiline)
        {
            // HTML drops the first newline of a textarea.
            input.InnerHtml.Append("\n" + For.Model as string);
            return input;
        }
        input.TagRenderMode = TagRenderMode.SelfClosing;
        input.Attributes["type"] = Type;
        if (Type != "password" && For.Model is string value)
            input.Attributes["value"] = value;
        return input;
    }
}
