-- Beyond the maximum size, deletes the least recently used. A row that is being used is left for another round.
delete from millrace.cursor_base
 where cursor_id in (select cursor_id
                       from millrace.cursor_base
                      where cursor_id in (select cursor_id
                                            from (select cursor_id,
                                                         used_at,
                                                         sum(octet_length(positions))
                                                             over (order by used_at desc, cursor_id) as bytes
                                                    from millrace.cursor_base) newer
                                           where bytes > :max_bytes
                                           order by used_at
                                           limit 10000)
                        for update skip locked)
