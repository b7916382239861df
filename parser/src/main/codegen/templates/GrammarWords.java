package dev.aevum.parser.grammar;

import java.util.List;

/// The word lists of config.fmpp, as token names: generated.
public final class GrammarWords {
  public static final List<String> NON_RESERVED = List.of(
<#list parser.nonReservedKeywords as word>
      "${word}"<#if word_has_next>,</#if>
</#list>
  );

  public static final List<String> RESERVED = List.of(
<#list reservedWords as word>
      "${word}"<#if word_has_next>,</#if>
</#list>
  );

  public static final List<String> CONTEXTUAL = List.of(
<#list contextualWords as word>
      "${word}"<#if word_has_next>,</#if>
</#list>
  );

  private GrammarWords() {}
}
